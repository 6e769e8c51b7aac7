package io.github.futuresockets.bench.result;

import io.github.futuresockets.bench.common.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * All that a comparison has measured, raw: whatever is told of it is computed from this.
 *
 * @param environment where and with what
 * @param conditions how it was measured, in a sentence
 * @param workloads those measured
 * @param peers those measured
 * @param absent those that cannot run there, each with the reason
 * @param measurements in the order in which they were made
 */
public record Results(
        Map<String, String> environment,
        String conditions,
        List<Workload> workloads,
        List<String> peers,
        Map<String, String> absent,
        List<Measurement> measurements) {

    public static Results read(Path file) throws IOException {
        return Json.PAGE.fromJson(Files.readString(file), Results.class);
    }

    public String json() {
        return Json.PAGE.toJson(this) + "\n";
    }

    public List<Measurement> of(String workload, String peer) {
        return measurements.stream()
                .filter(each -> each.workload().equals(workload) && each.peer().equals(peer))
                .toList();
    }
}

package io.github.futuresockets.bench.result;

import io.github.futuresockets.bench.common.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The raw results of a comparison. All reports are computed from the raw results.
 *
 * @param environment the machine and the software, by title
 * @param conditions the way of measuring, in a sentence
 * @param workloads the measured workloads
 * @param peers the measured peers
 * @param absent the peers that cannot run on the machine, each with the reason
 * @param measurements the measurements, in the order of their execution
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

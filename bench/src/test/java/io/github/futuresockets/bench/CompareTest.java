package io.github.futuresockets.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.bench.common.Arguments;
import io.github.futuresockets.bench.common.UsageException;
import io.github.futuresockets.bench.compare.Plan;
import io.github.futuresockets.bench.report.HtmlReport;
import io.github.futuresockets.bench.result.Measurement;
import io.github.futuresockets.bench.result.Metric;
import io.github.futuresockets.bench.result.Results;
import io.github.futuresockets.bench.result.Summary;
import io.github.futuresockets.bench.result.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests a comparison. The failure of a server is reported, and the other servers are measured. The page shows the
 * measured figures.
 */
class CompareTest {
    private static final Pattern NUMBER = Pattern.compile("<td data-workload=\"(.*?)\" data-peer=\"(.*?)\""
            + " data-metric=\"(.*?)\" data-figure=\"(.*?)\" data-value=\"(.*?)\">(.*?)</td>");

    @TempDir
    static Path folder;

    /** The results of two correct servers. */
    private static Results good;

    /** The results of a correct server and of four {@link BadPeers}. */
    private static Results bad;

    /** The HTML page of the good results. */
    private static String page;

    @BeforeAll
    static void compare() throws Exception {
        good = compare(folder.resolve("good"), 2, "echo-64,latency,idle", "futuresockets-loop", "selector");
        page = page("good");
        bad = compare(
                folder.resolve("bad"),
                2,
                "echo-64",
                BadPeers.Dying.NAME,
                BadPeers.Hanging.NAME,
                BadPeers.Lying.NAME,
                BadPeers.Mute.NAME,
                "selector");
    }

    static Results compare(Path out, int rounds, String workloads, String... peers) throws Exception {
        List<String> words = List.of(
                "--quick",
                "--rounds=" + rounds,
                "--workloads=" + workloads,
                "--peers=" + String.join(",", peers),
                "--out=" + out);
        assertEquals(0, Compare.run(new Arguments(words)));
        return Results.read(out.resolve("results.json"));
    }

    private static String page(String name) throws Exception {
        return Files.readString(folder.resolve(name).resolve("report.html"));
    }

    @Test
    void compare_otherPeersFail_workingPeerMeasuredEveryRound() {
        for (Results results : List.of(good, bad)) {
            for (Workload workload : results.workloads()) {
                List<Measurement> measured = results.of(workload.name(), "selector");
                assertEquals(
                        List.of(1, 2), measured.stream().map(Measurement::round).toList());
                measured.forEach(each -> assertEquals(null, each.failure()));
            }
        }
    }

    @Test
    void compare_peerDies_reportsOutputAndStatus() throws Exception {
        String failure = failure(BadPeers.Dying.NAME);
        assertTrue(failure.contains("out of luck") && failure.contains("ended with status 3"), failure);
    }

    @Test
    void compare_peerHangs_isReported() throws Exception {
        String failure = failure(BadPeers.Hanging.NAME);
        assertTrue(failure.contains("not one message came back in the counted time"), failure);
    }

    @Test
    void compare_peerSendsWrongByte_reportsOffset() throws Exception {
        String failure = failure(BadPeers.Lying.NAME);
        assertTrue(failure.matches("(?s).*byte 1000 on .* is not the one that was sent.*"), failure);
    }

    @Test
    void compare_peerDoesNotStart_isReported() throws Exception {
        String failure = failure(BadPeers.Mute.NAME);
        assertTrue(failure.contains("cannot listen today"), failure);
    }

    /**
     * Returns the reported failure of a server. Checks that the server was not started again, and that the page shows
     * the failure.
     */
    private static String failure(String peer) throws Exception {
        List<Measurement> measured = bad.of("echo-64", peer);
        assertEquals(1, measured.size(), "it is not tried again");
        String failure = measured.get(0).failure();
        assertTrue(page("bad").contains(HtmlReport.escape(failure)), failure);
        return failure;
    }

    @Test
    void report_numbersOfPage_matchRawResults() {
        Summary summary = new Summary(good);
        int numbers = 0;
        for (Matcher each = NUMBER.matcher(page); each.find(); numbers++) {
            Workload workload = good.workloads().stream()
                    .filter(known -> known.name().equals(each.group(1)))
                    .findFirst()
                    .orElseThrow();
            Metric metric = Metric.valueOf(each.group(3));
            double value = switch (each.group(4)) {
                case "median" -> median(each.group(1), metric, each.group(2));
                case "floor" ->
                    summary.cell(workload, metric, each.group(2))
                            .orElseThrow()
                            .toFloor()
                            .median();
                case "best" ->
                    summary.cell(workload, metric, each.group(2))
                            .orElseThrow()
                            .toBest()
                            .median();
                default -> throw new AssertionError(each.group());
            };
            assertEquals(value, Double.parseDouble(each.group(5)), each.group());
            assertEquals(Metric.text(value), each.group(6), each.group());
        }
        // Each of the two servers has a median and two ratios, for the 2, 3 and 3 metrics of the three workloads. A
        // ratio to 0 is not shown, and the memory of direct buffers is mostly 0.
        int none = (direct("selector") > 0 ? 0 : 1)
                + (Math.min(direct("selector"), direct("futuresockets-loop")) > 0 ? 0 : 1);
        assertEquals(2 * (2 * 3 + 3 * 3 + 3 * 3 - none), numbers);
    }

    /** Returns the largest memory of direct buffers of an idle server. */
    private static double direct(String peer) {
        return good.of("idle", peer).stream()
                .mapToDouble(each -> each.idle().direct())
                .max()
                .orElseThrow();
    }

    /** Computes the median of the two rounds from the raw results. */
    private static double median(String workload, Metric metric, String peer) {
        double[] values = good.of(workload, peer).stream()
                .mapToDouble(each -> switch (metric) {
                    case CPU -> each.load().serverSeconds() * 1e6 / each.load().messages();
                    case RATE -> each.load().messages() / each.load().seconds();
                    case HANDSHAKES -> each.load().messages() / each.load().serverSeconds();
                    case P50 -> each.load().latencies().get(3);
                    case P99 -> each.load().latencies().get(7);
                    case MEMORY -> each.idle().heap() + each.idle().direct();
                    case HEAP -> each.idle().heap();
                    case DIRECT -> each.idle().direct();
                })
                .sorted()
                .toArray();
        return values[0] + 0.5 * (values[1] - values[0]);
    }

    @Test
    void report_writtenAgainFromRawResults_isIdentical() throws Exception {
        Path again = folder.resolve("again");
        Path raw = folder.resolve("good").resolve("results.json");
        assertEquals(0, Compare.report(new Arguments(List.of("--results=" + raw, "--out=" + again))));
        for (String file : List.of("results.json", "env.txt", "table.md", "report.html")) {
            String first = Files.readString(raw.resolveSibling(file));
            assertEquals(first, Files.readString(again.resolve(file)), file);
        }
    }

    @Test
    void plan_unknownPeerOrWorkload_throwsUsageException() {
        assertThrows(UsageException.class, () -> Plan.from(new Arguments(List.of("--peers=nety"))));
        assertThrows(UsageException.class, () -> Plan.from(new Arguments(List.of("--workloads=eco"))));
    }
}

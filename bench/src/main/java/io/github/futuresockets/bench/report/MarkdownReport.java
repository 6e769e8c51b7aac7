package io.github.futuresockets.bench.report;

import io.github.futuresockets.bench.result.Measurement;
import io.github.futuresockets.bench.result.Metric;
import io.github.futuresockets.bench.result.Results;
import io.github.futuresockets.bench.result.Summary;
import io.github.futuresockets.bench.result.Workload;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** A text with the figures of a comparison in tables of Markdown. */
public final class MarkdownReport {
    private final Results results;
    private final Summary summary;
    private final StringBuilder text = new StringBuilder();

    private MarkdownReport(Results results) {
        this.results = results;
        this.summary = new Summary(results);
    }

    public static String of(Results results) {
        return new MarkdownReport(results).write();
    }

    private String write() {
        overview();
        results.workloads().forEach(this::workload);
        text.append("\nMedians, with the extremes in brackets. How: ")
                .append(results.conditions())
                .append(". In ")
                .append(summary.disturbed())
                .append(" of ")
                .append(results.measurements().size())
                .append(" measurements other processes used more than a tenth of a CPU.\n");
        results.absent()
                .forEach((peer, why) -> text.append("\nNot here: ")
                        .append(peer)
                        .append(", ")
                        .append(why)
                        .append(".\n"));
        return text.toString();
    }

    /** Writes the main metric of all workloads, as ratios to the floor, or to the best peer if there is no floor. */
    private void overview() {
        StringJoiner head = row().add("ratio of CPU time, or of memory");
        results.workloads().forEach(each -> head.add(each.name()));
        line(head);
        rule(results.workloads().size() + 1);
        for (String peer : results.peers()) {
            StringJoiner row = row().add(peer);
            for (Workload workload : results.workloads()) {
                row.add(summary.main(workload, peer)
                        .map(Summary.Cell::ratio)
                        .map(Summary.Ratio::text)
                        .orElse(""));
            }
            line(row);
        }
    }

    private void workload(Workload workload) {
        Optional<String> floor = summary.floor(workload);
        text.append("\n### ").append(workload.title()).append("\n\n");
        List<Metric> metrics = Summary.metrics(workload);
        StringJoiner head = row().add("peer");
        for (Metric metric : metrics) {
            head.add(metric.title());
            floor.ifPresent(name -> head.add("/ " + name));
            head.add("/ best");
        }
        line(head);
        rule(1 + metrics.size() * (floor.isPresent() ? 3 : 2));
        for (String peer : summary.peers(workload)) {
            StringJoiner row =
                    row().add(peer + (summary.isLimitedByLoad(workload, peer) ? " (limited by the load)" : ""));
            for (Metric metric : metrics) {
                Summary.Cell cell = summary.cell(workload, metric, peer).orElseThrow();
                row.add(cell.text());
                floor.ifPresent(name -> row.add(ratio(cell.toFloor())));
                row.add(ratio(cell.toBest()));
            }
            line(row);
        }
        for (Measurement failed : summary.failures(workload)) {
            text.append("\nFailed: ")
                    .append(failed.peer())
                    .append("\n\n```\n")
                    .append(failed.failure())
                    .append("\n```\n");
        }
    }

    private static String ratio(Summary.@Nullable Ratio ratio) {
        return ratio == null ? "" : Metric.text(ratio.median());
    }

    private static StringJoiner row() {
        return new StringJoiner(" | ", "| ", " |");
    }

    private void line(Object row) {
        text.append(row).append('\n');
    }

    private void rule(int columns) {
        line("|---" + "|---:".repeat(columns - 1) + "|");
    }
}

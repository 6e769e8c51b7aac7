package io.github.futuresockets.bench.report;

import io.github.futuresockets.bench.result.Measurement;
import io.github.futuresockets.bench.result.Metric;
import io.github.futuresockets.bench.result.Results;
import io.github.futuresockets.bench.result.Summary;
import io.github.futuresockets.bench.result.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A page with the charts and tables of a comparison. The page loads no other file. The attribute {@code data-value} of
 * a figure in a table has the exact value, and the text of the figure is rounded for a reader.
 */
public final class HtmlReport {
    private final Results results;
    private final Summary summary;
    private final StringBuilder html = new StringBuilder();

    public HtmlReport(Results results) {
        this.results = results;
        this.summary = new Summary(results);
    }

    /** Returns the page. May be called only once, because the page is assembled in a field. */
    public String page() throws IOException {
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n")
                .append(
                        "<meta name=\"viewport\" content=\"width=device-width\">\n<title>Future Sockets: comparison</title>\n")
                .append("<style>\n")
                .append(style())
                .append("</style>\n")
                .append("<h1>Future Sockets beside its peers</h1>\n");
        paragraph(
                results.environment().get("CPU") + "; " + results.environment().get("JDK") + "; "
                        + results.environment().get("date") + ". " + results.conditions() + ".");
        paragraph("Client and server share one machine and its loopback: read the ratios, not the figures.");
        long disturbed = summary.disturbed();
        if (disturbed > 0) {
            paragraph("DISTURBED: during " + disturbed + " of "
                    + results.measurements().size() + " measurements other"
                    + " processes used more than a tenth of a CPU.");
        }
        overview();
        results.workloads().forEach(this::workload);
        environment();
        return html.append("</html>\n").toString();
    }

    private static String style() throws IOException {
        try (InputStream css = HtmlReport.class.getResourceAsStream("report.css")) {
            return new String(Objects.requireNonNull(css, "report.css").readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Returns the style class of a peer, to tell the library under test, native peers and all other peers apart. */
    static String kind(String peer) {
        return peer.startsWith("futuresockets") ? "ours" : Summary.isNative(peer) ? "floor" : "other";
    }

    private void paragraph(String text) {
        html.append("<p>").append(escape(text)).append("</p>\n");
    }

    private void overview() {
        html.append("<h2>What a message costs the server</h2>\n");
        paragraph("CPU time per message over that of the floor of the same round (idle: memory per connection over the"
                + " best); lower is better, 1 is the floor. The lowest on average comes first.");
        html.append("<div class=\"scroll\"><table>\n<thead><tr><th></th>");
        for (Workload workload : results.workloads()) {
            html.append("<th><a href=\"#")
                    .append(workload.name())
                    .append("\">")
                    .append(workload.name())
                    .append("</a></th>");
        }
        html.append("</tr></thead>\n");
        results.peers().stream()
                .sorted(Comparator.comparingDouble(this::average))
                .forEach(this::overview);
        html.append("</table></div>\n");
    }

    private void overview(String peer) {
        header(peer);
        for (Workload workload : results.workloads()) {
            Optional<Summary.Ratio> known = summary.main(workload, peer).map(Summary.Cell::ratio);
            if (known.isPresent()) {
                double ratio = known.get().median();
                String heat =
                        String.format(Locale.ROOT, "%.2f", Math.min(0.75, Math.abs(Math.log(ratio)) / Math.log(4)));
                html.append("<td class=\"")
                        .append(ratio < 1 ? "less" : "more")
                        .append("\" style=\"--heat: ")
                        .append(heat)
                        .append('"')
                        .append(data(workload, peer, Summary.main(workload), "ratio", ratio))
                        .append(" title=\"")
                        .append(Metric.text(known.get().min()))
                        .append(" to ")
                        .append(Metric.text(known.get().max()))
                        .append("\">")
                        .append(Metric.text(ratio))
                        .append("</td>");
            } else {
                boolean failed = summary.failures(workload).stream()
                        .anyMatch(each -> each.peer().equals(peer));
                html.append(failed ? "<td class=\"failed\">failed</td>" : "<td></td>");
            }
        }
        html.append("</tr>\n");
    }

    /** Returns the mean logarithm of a peer's ratios without the idle workloads, or a maximum without any ratio. */
    private double average(String peer) {
        return results.workloads().stream()
                .filter(workload -> !workload.idle())
                .flatMap(workload -> summary.main(workload, peer).stream())
                .map(Summary.Cell::ratio)
                .filter(Objects::nonNull)
                .mapToDouble(ratio -> Math.log(ratio.median()))
                .average()
                .orElse(Double.MAX_VALUE);
    }

    private void header(String peer) {
        html.append("<tr class=\"")
                .append(kind(peer))
                .append("\"><th>")
                .append(escape(peer))
                .append("</th>");
    }

    private void workload(Workload workload) {
        html.append("<h2 id=\"")
                .append(workload.name())
                .append("\">")
                .append(escape(workload.title()))
                .append("</h2>\n");
        List<String> peers = summary.peers(workload);
        if (!peers.isEmpty()) {
            html.append(new BarChart(summary, workload).svg());
            if (workload.shape().isOpenLoop()) {
                html.append(new LatencyChart(results, workload).svg());
            }
            table(workload, peers);
        }
        for (Measurement failed : summary.failures(workload)) {
            html.append("<details open><summary>")
                    .append(escape(failed.peer()))
                    .append(" failed</summary><pre>")
                    .append(escape(String.valueOf(failed.failure())))
                    .append("</pre></details>\n");
        }
    }

    private void table(Workload workload, List<String> peers) {
        Optional<String> floor = summary.floor(workload);
        List<Metric> metrics = Summary.metrics(workload);
        html.append("<div class=\"scroll\"><table>\n<thead><tr><th></th>");
        for (Metric metric : metrics) {
            html.append("<th>").append(metric.title()).append("</th><th></th>");
            floor.ifPresent(name -> html.append("<th>/ ").append(name).append("</th>"));
            html.append("<th>/ best</th>");
        }
        html.append("</tr></thead>\n");
        for (String peer : peers) {
            header(peer + (summary.isLimitedByLoad(workload, peer) ? " *" : ""));
            for (Metric metric : metrics) {
                Summary.Cell cell = summary.cell(workload, metric, peer).orElseThrow();
                number(workload, peer, metric, "median", cell.median());
                html.append("<td class=\"spread\">")
                        .append(Metric.text(cell.min()))
                        .append("&ndash;")
                        .append(Metric.text(cell.max()))
                        .append("</td>");
                if (floor.isPresent()) {
                    number(workload, peer, metric, "floor", median(cell.toFloor()));
                }
                number(workload, peer, metric, "best", median(cell.toBest()));
            }
            html.append("</tr>\n");
        }
        html.append("</table></div>\n");
        if (peers.stream().anyMatch(peer -> summary.isLimitedByLoad(workload, peer))) {
            paragraph("* The load generator had no time to spare and this server had: more load would have brought a"
                    + " higher rate.");
        }
    }

    private static @Nullable Double median(Summary.@Nullable Ratio ratio) {
        return ratio == null ? null : ratio.median();
    }

    private void number(Workload workload, String peer, Metric metric, String figure, @Nullable Double value) {
        if (value == null) {
            html.append("<td></td>");
        } else {
            html.append("<td")
                    .append(data(workload, peer, metric, figure, value))
                    .append('>')
                    .append(Metric.text(value))
                    .append("</td>");
        }
    }

    private static String data(Workload workload, String peer, Metric metric, String figure, double value) {
        return " data-workload=\"" + workload.name() + "\" data-peer=\"" + escape(peer) + "\" data-metric=\"" + metric
                + "\" data-figure=\"" + figure + "\" data-value=\"" + value + '"';
    }

    private void environment() {
        html.append("<h2>Environment</h2>\n<table>\n");
        results.environment()
                .forEach((name, value) -> html.append("<tr><th>")
                        .append(escape(name))
                        .append("</th><td style=\"text-align: left; white-space: normal\">")
                        .append(escape(value))
                        .append("</td></tr>\n"));
        results.absent()
                .forEach((peer, why) -> html.append("<tr><th>")
                        .append(escape(peer))
                        .append("</th><td style=\"text-align: left\">cannot run here: ")
                        .append(escape(why))
                        .append("</td></tr>\n"));
        html.append("</table>\n");
    }
}

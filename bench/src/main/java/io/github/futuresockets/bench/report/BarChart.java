package io.github.futuresockets.bench.report;

import io.github.futuresockets.bench.result.Metric;
import io.github.futuresockets.bench.result.Summary;
import io.github.futuresockets.bench.result.Workload;
import java.util.List;

/**
 * A chart of the main metric of a workload. Each peer has a bar from zero to its median, and an error bar for the
 * extremes of the rounds. A vertical line shows the median of the floor.
 */
final class BarChart {
    private static final int WIDTH = 860;
    private static final int LABELS = 200;
    private static final int FIGURES = 110;
    private static final int ROW = 24;
    private static final int BAR = 16;

    private final Summary summary;
    private final Workload workload;
    private final List<String> peers;
    private final double scale;
    private final int height;
    private final Svg svg;

    BarChart(Summary summary, Workload workload) {
        this.summary = summary;
        this.workload = workload;
        this.peers = summary.peers(workload);
        this.height = peers.size() * ROW + 6;
        String title = Summary.main(workload).title();
        this.svg = new Svg(
                WIDTH, height, title + ", median of the rounds and extremes; lower is better", title + " by peer");
        double most = peers.stream().mapToDouble(peer -> cell(peer).max()).max().orElse(0);
        this.scale = (WIDTH - LABELS - FIGURES) / Math.max(most, Double.MIN_NORMAL);
    }

    private Summary.Cell cell(String peer) {
        return summary.main(workload, peer).orElseThrow();
    }

    String svg() {
        for (int i = 0; i < peers.size(); i++) {
            bar(peers.get(i), i * ROW + 4);
        }
        svg.line("axis", LABELS, 0, LABELS, height);
        summary.floor(workload).ifPresent(name -> {
            double x = LABELS + scale * cell(name).median();
            svg.line("reference", x, 0, x, height);
        });
        return svg.toString();
    }

    private void bar(String peer, int y) {
        Summary.Cell cell = cell(peer);
        String kind = HtmlReport.kind(peer);
        double middle = y + BAR / 2.0;
        svg.text(kind.equals("ours") ? kind : "label", LABELS - 8, middle + 4, "end", peer);
        svg.bar(kind, LABELS, y, scale * cell.median(), BAR);
        double from = LABELS + scale * cell.min();
        double to = LABELS + scale * cell.max();
        svg.line("spread", from, middle, to, middle);
        svg.line("spread", from, middle - 3, from, middle + 3);
        svg.line("spread", to, middle - 3, to, middle + 3);
        String ratio = cell.toFloor() == null
                ? ""
                : "  x " + Metric.text(cell.toFloor().median());
        svg.text("soft", to + 8, middle + 4, "start", Metric.text(cell.median()) + ratio);
    }
}

package io.github.futuresockets.bench.report;

import io.github.futuresockets.bench.common.Statistics;
import io.github.futuresockets.bench.load.LoadResult;
import io.github.futuresockets.bench.result.Measurement;
import io.github.futuresockets.bench.result.Metric;
import io.github.futuresockets.bench.result.Results;
import io.github.futuresockets.bench.result.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A chart of the latency over the percentile at a given rate, with two logarithmic scales. Each peer has a line, the
 * median of its rounds. Selected peers have a colour and a label. The other peers are drawn for comparison.
 */
final class LatencyChart {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 340;
    private static final int LEFT = 70;
    private static final int RIGHT = 170;
    private static final int BOTTOM = 40;
    private static final int LABEL = 15;
    private static final double LAST = 99.99;
    private static final List<String> NAMED =
            List.of("futuresockets-loop", "c-epoll", "netty-epoll", "virtual-threads", "vertx");
    private static final List<Double> TICKS = List.of(0.0, 50.0, 90.0, 99.0, 99.9, 99.99);

    private final Map<String, List<Double>> curves = new TreeMap<>();
    private final double low;
    private final double high;
    private final Svg svg = new Svg(
            WIDTH,
            HEIGHT,
            "Latency by percentile (us, median of the rounds), from when each message was due",
            "latency by percentile");

    LatencyChart(Results results, Workload workload) {
        for (String peer : results.peers()) {
            List<LoadResult> loads = results.of(workload.name(), peer).stream()
                    .filter(each -> each.load() != null)
                    .map(Measurement::load)
                    .toList();
            if (!loads.isEmpty()) {
                curves.put(peer, medians(loads));
            }
        }
        low = curves.values().stream()
                .mapToDouble(curve -> Math.max(1, curve.get(0)))
                .min()
                .orElse(1);
        high = curves.values().stream()
                .mapToDouble(curve -> curve.get(LoadResult.PERCENTILES.indexOf(LAST)))
                .max()
                .orElse(10);
    }

    private static List<Double> medians(List<LoadResult> loads) {
        return LoadResult.PERCENTILES.stream()
                .map(percentile -> Statistics.median(loads.stream()
                        .mapToDouble(load -> load.latency(percentile))
                        .toArray()))
                .toList();
    }

    String svg() {
        for (double tick : TICKS) {
            svg.line("axis", x(tick), 10, x(tick), HEIGHT - BOTTOM);
            svg.text("soft", x(tick), HEIGHT - BOTTOM + 18, "middle", label(tick));
        }
        for (double decade = Math.pow(10, Math.ceil(Math.log10(low))); decade <= high; decade *= 10) {
            svg.line("axis", LEFT, y(decade), WIDTH - RIGHT, y(decade));
            svg.text("soft", LEFT - 8, y(decade) + 4, "end", Metric.text(decade));
        }
        curves.forEach((peer, curve) -> {
            if (!NAMED.contains(peer)) {
                curve("", peer, curve);
            }
        });
        curves.forEach((peer, curve) -> {
            if (NAMED.contains(peer)) {
                curve("s" + NAMED.indexOf(peer), peer, curve);
            }
        });
        labels();
        return svg.toString();
    }

    private void curve(String kind, String peer, List<Double> curve) {
        StringBuilder points = new StringBuilder();
        for (double percentile : LoadResult.PERCENTILES) {
            if (percentile <= LAST) {
                double micros = curve.get(LoadResult.PERCENTILES.indexOf(percentile));
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(percentile), y(micros)));
            }
        }
        svg.curve(kind, points.toString().strip(), peer);
    }

    /** Draws the labels beside the ends of the lines, and moves labels apart that would overlap. */
    private void labels() {
        List<String> named = new ArrayList<>(NAMED);
        named.retainAll(curves.keySet());
        named.sort(Comparator.comparingDouble(this::end));
        double lowest = 0;
        for (String peer : named) {
            lowest = Math.max(end(peer) + 4, lowest + LABEL);
            svg.text("s" + NAMED.indexOf(peer), WIDTH - RIGHT + 8, lowest, "start", peer);
        }
    }

    private static String label(double percentile) {
        return percentile == 0 ? "min" : Double.toString(percentile).replaceFirst("\\.0$", "") + " %";
    }

    private double end(String peer) {
        return y(curves.get(peer).get(LoadResult.PERCENTILES.indexOf(LAST)));
    }

    private static double x(double percentile) {
        double nines = -Math.log10(1 - Math.min(percentile, LAST) / 100);
        return LEFT + nines / -Math.log10(1 - LAST / 100) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double micros) {
        double part = Math.log(Math.max(micros, low) / low) / Math.log(Math.max(high / low, 1.01));
        return HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - 10);
    }
}

package io.github.futuresockets.bench.result;

import io.github.futuresockets.bench.common.Statistics;
import io.github.futuresockets.bench.load.LoadResult;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What raw results come to: medians over the rounds with their spread, and ratios of the same round. */
public final class Summary {
    /**
     * One metric of one peer under one workload.
     *
     * @param median over the rounds
     * @param min of them
     * @param max of them
     * @param toFloor the median of the ratios to the floor in the same round; none: there is no floor, or nothing of it
     * @param toBest the same to the best peer
     */
    public record Cell(
            double median,
            double min,
            double max,
            @Nullable Ratio toFloor,
            @Nullable Ratio toBest) {

        /** To the floor if there is one, else to the best; none to nothing. */
        public @Nullable Ratio ratio() {
            return toFloor == null ? toBest : toFloor;
        }

        public String text() {
            return Metric.text(median) + " (" + Metric.text(min) + "-" + Metric.text(max) + ")";
        }
    }

    /**
     * What a peer needs of what another one does.
     *
     * @param median of the rounds
     * @param min of them
     * @param max of them
     */
    public record Ratio(double median, double min, double max) {
        public String text() {
            return Metric.text(median) + " (" + Metric.text(min) + "-" + Metric.text(max) + ")";
        }
    }

    private static final List<String> FLOORS = List.of("c-epoll", "selector");

    /** So much of a CPU is all of it. */
    private static final double BUSY = 95;

    private final Results results;
    private final Map<String, Map<Metric, Map<String, Cell>>> cells = new HashMap<>();

    public Summary(Results results) {
        this.results = results;
        for (Workload workload : results.workloads()) {
            for (Metric metric : metrics(workload)) {
                cells.computeIfAbsent(workload.name(), none -> new EnumMap<>(Metric.class))
                        .put(metric, compute(workload, metric));
            }
        }
    }

    public static List<Metric> metrics(Workload workload) {
        return Stream.of(Metric.values()).filter(each -> each.suits(workload)).toList();
    }

    /** Those with a figure, the best first. */
    public List<String> peers(Workload workload) {
        return results.peers().stream()
                .filter(peer -> main(workload, peer).isPresent())
                .sorted(Comparator.comparingDouble(
                        peer -> main(workload, peer).orElseThrow().median()))
                .toList();
    }

    /** The metric by which peers are compared above all. */
    public static Metric main(Workload workload) {
        return workload.idle() ? Metric.MEMORY : Metric.CPU;
    }

    public Optional<Cell> main(Workload workload, String peer) {
        return cell(workload, main(workload), peer);
    }

    public Optional<Cell> cell(Workload workload, Metric metric, String peer) {
        return Optional.ofNullable(cells.get(workload.name()).get(metric).get(peer));
    }

    /** What the ratios of a workload are to, beside the best: the first of these that was measured there. */
    public Optional<String> floor(Workload workload) {
        return FLOORS.stream()
                .filter(each -> !succeeded(workload.name(), each).isEmpty())
                .findFirst();
    }

    /** Failures of a workload, by peer. */
    public List<Measurement> failures(Workload workload) {
        return results.measurements().stream()
                .filter(each -> each.workload().equals(workload.name()) && each.failure() != null)
                .toList();
    }

    /** Whether the load generator may have been what limited a peer: the server had time to spare, the load had none. */
    public boolean isLimitedByLoad(Workload workload, String peer) {
        return workload.isClosedLoop()
                && median(workload, peer, LoadResult::loadBusy) > BUSY
                && median(workload, peer, LoadResult::serverBusy) < BUSY;
    }

    /** How many measurements other processes have had a part in. */
    public long disturbed() {
        return results.measurements().stream()
                .filter(each -> each.load() != null && each.load().isDisturbed())
                .count();
    }

    private double median(Workload workload, String peer, ToDoubleFunction<LoadResult> value) {
        double[] values = succeeded(workload.name(), peer).stream()
                .map(Measurement::load)
                .mapToDouble(value)
                .toArray();
        return Statistics.median(values);
    }

    private List<Measurement> succeeded(String workload, String peer) {
        return results.of(workload, peer).stream()
                .filter(each -> each.failure() == null)
                .toList();
    }

    private Map<String, Cell> compute(Workload workload, Metric metric) {
        Map<String, Map<Integer, Double>> byRound = new HashMap<>();
        for (String peer : results.peers()) {
            for (Measurement each : succeeded(workload.name(), peer)) {
                byRound.computeIfAbsent(peer, none -> new HashMap<>()).put(each.round(), metric.of(each));
            }
        }
        Comparator<String> byMedian = Comparator.comparingDouble(peer -> Statistics.median(values(byRound.get(peer))));
        Optional<String> best = byRound.keySet().stream()
                .filter(peer -> !isNative(peer))
                .min(metric.isMoreBetter() ? byMedian.reversed() : byMedian);
        Optional<String> floor = floor(workload);
        Map<String, Cell> row = new HashMap<>();
        byRound.forEach((peer, values) -> row.put(
                peer,
                new Cell(
                        Statistics.median(values(values)),
                        Statistics.quantile(values(values), 0),
                        Statistics.quantile(values(values), 1),
                        floor.map(name -> ratio(values, byRound.get(name))).orElse(null),
                        best.map(name -> ratio(values, byRound.get(name))).orElse(null))));
        return row;
    }

    /** No JVM: never the best that a Java program can have. */
    public static boolean isNative(String peer) {
        return peer.startsWith("c-");
    }

    private static double[] values(Map<Integer, Double> byRound) {
        return byRound.values().stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static @Nullable Ratio ratio(Map<Integer, Double> values, Map<Integer, Double> others) {
        double[] ratios = values.entrySet().stream()
                .filter(each -> others.getOrDefault(each.getKey(), 0.0) > 0)
                .mapToDouble(each -> each.getValue() / others.get(each.getKey()))
                .toArray();
        return ratios.length == 0
                ? null
                : new Ratio(Statistics.median(ratios), Statistics.quantile(ratios, 0), Statistics.quantile(ratios, 1));
    }
}

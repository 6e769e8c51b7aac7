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

/**
 * Figures that are computed from raw results. For each metric, a peer has the median over the rounds, the extremes, and
 * the ratios to two other peers within the same round.
 *
 * <ul>
 *   <li>The floor is the first of {@code c-epoll} and {@code selector} that has succeeded under the workload.
 *   <li>The best is the peer with the best median among the peers in a JVM.
 * </ul>
 */
public final class Summary {
    /**
     * A metric of a peer under a workload.
     *
     * @param median the median over the rounds
     * @param min the minimum of the rounds
     * @param max the maximum of the rounds
     * @param toFloor the ratios to the floor, or null without a floor or without a common round
     * @param toBest the ratios to the best peer, or null without a best peer or without a common round
     */
    public record Cell(
            double median,
            double min,
            double max,
            @Nullable Ratio toFloor,
            @Nullable Ratio toBest) {

        /** Returns the ratio to the floor if there is a floor, else the ratio to the best, else null. */
        public @Nullable Ratio ratio() {
            return toFloor == null ? toBest : toFloor;
        }

        public String text() {
            return Metric.text(median) + " (" + Metric.text(min) + "-" + Metric.text(max) + ")";
        }
    }

    /**
     * The figures of a peer divided by the figures of another peer, round by round.
     *
     * @param median the median over the rounds
     * @param min the minimum of the rounds
     * @param max the maximum of the rounds
     */
    public record Ratio(double median, double min, double max) {
        public String text() {
            return Metric.text(median) + " (" + Metric.text(min) + "-" + Metric.text(max) + ")";
        }
    }

    private static final List<String> FLOORS = List.of("c-epoll", "selector");

    /** The use of a CPU from which the CPU counts as fully used, in percent. */
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

    /** Returns the peers with a main figure under a workload, the best first. */
    public List<String> peers(Workload workload) {
        return results.peers().stream()
                .filter(peer -> main(workload, peer).isPresent())
                .sorted(Comparator.comparingDouble(
                        peer -> main(workload, peer).orElseThrow().median()))
                .toList();
    }

    /** Returns the main metric of a workload. A lower main figure is better. */
    public static Metric main(Workload workload) {
        return workload.idle() ? Metric.MEMORY : Metric.CPU;
    }

    public Optional<Cell> main(Workload workload, String peer) {
        return cell(workload, main(workload), peer);
    }

    public Optional<Cell> cell(Workload workload, Metric metric, String peer) {
        return Optional.ofNullable(cells.get(workload.name()).get(metric).get(peer));
    }

    /** Returns the floor of a workload, if a candidate has succeeded under the workload. */
    public Optional<String> floor(Workload workload) {
        return FLOORS.stream()
                .filter(each -> !succeeded(workload.name(), each).isEmpty())
                .findFirst();
    }

    /** Returns the failed measurements of a workload. */
    public List<Measurement> failures(Workload workload) {
        return results.measurements().stream()
                .filter(each -> each.workload().equals(workload.name()) && each.failure() != null)
                .toList();
    }

    /**
     * Returns true if the generator of a closed loop may have limited a peer. In such a case the generator used its CPU
     * fully and the server did not.
     */
    public boolean isLimitedByLoad(Workload workload, String peer) {
        return workload.isClosedLoop()
                && median(workload, peer, LoadResult::loadBusy) > BUSY
                && median(workload, peer, LoadResult::serverBusy) < BUSY;
    }

    /** Returns the number of measurements that other processes disturbed. */
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

    /** Returns true if a peer is native code without a JVM. A native peer never counts as the best. */
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

package io.github.futuresockets.bench.compare;

import io.github.futuresockets.bench.common.Arguments;
import io.github.futuresockets.bench.common.UsageException;
import io.github.futuresockets.bench.load.LoadGenerator;
import io.github.futuresockets.bench.peer.Peers;
import io.github.futuresockets.bench.peer.Protocol;
import io.github.futuresockets.bench.result.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The plan of a comparison.
 *
 * @param workloads the workloads, in order
 * @param peers the peers, in order
 * @param absent the requested peers unable to run here, each with the reason
 * @param rounds the number of measurements of each peer under each workload
 * @param kept true if a peer keeps its JVM in all rounds, false for a fresh JVM in each round
 * @param first the duration of the uncounted load, if the load is new to a server
 * @param again the duration of the uncounted load, if the server has had the load before
 * @param counted the duration of the counted load
 * @param patience the longest time without a received byte, before a server counts as hung
 */
public record Plan(
        List<Workload> workloads,
        List<String> peers,
        Map<String, String> absent,
        int rounds,
        boolean kept,
        Duration first,
        Duration again,
        Duration counted,
        Duration patience) {

    /**
     * The warm-up for connections of a single message, in a fresh JVM. A JVM compiles the code for connects and closes
     * late, because the code runs only a few thousand times a second and under no other load. With a shorter warm-up, a
     * slow machine would compare uncompiled code.
     */
    private static final Duration CHURN = millis(8000);

    private static final String STANDARD = "futuresockets-loop,futuresockets-loop-transfer,futuresockets-loop-lines,"
            + "futuresockets-loop-handle,futuresockets-loop-batches,"
            + "raw-loop,futuresockets-nio2,raw-nio2,naive-future,selector,blocking,virtual-threads,netty-nio,netty-epoll,"
            + "netty-io_uring,vertx,reactor-netty,smart-socket,c-epoll,c-epoll-16k,c-epoll-1m";

    public static Plan from(Arguments arguments) throws UsageException {
        boolean quick = arguments.flag("quick");
        boolean tls = arguments.flag("tls");
        List<Workload> workloads = workloads(arguments.text("workloads", ""), quick, tls);
        String standard = tls ? String.join(",", Peers.all(Protocol.TLS)) : STANDARD;
        int rounds = arguments.number("rounds", 3, 1, 1000);
        List<String> peers = new ArrayList<>();
        Map<String, String> absent = new LinkedHashMap<>();
        for (String peer : arguments.text("peers", standard).split(",")) {
            Optional<Workload> suitable =
                    workloads.stream().filter(each -> each.suits(peer)).findFirst();
            if (suitable.isEmpty()) {
                // Fails for an unknown name. A known name is skipped, because no workload suits the peer.
                Peers.requireKnown(peer);
                continue;
            }
            String obstacle =
                    Peers.create(peer, suitable.get().shape().protocol()).obstacle();
            if (obstacle.isEmpty()) {
                peers.add(peer);
            } else {
                absent.put(peer, obstacle);
            }
        }
        boolean encrypted = workloads.stream().anyMatch(Workload::isTls);
        boolean kept = quick || encrypted;
        Duration patience = quick ? millis(4000) : LoadGenerator.PATIENCE;
        if (encrypted) {
            // A long warm-up, because the ciphers of the JDK are ten times slower until compiled. A shorter warm-up
            // would compare uncompiled ciphers.
            Duration first = millis(quick ? 5000 : 12_000);
            return new Plan(
                    workloads, peers, absent, rounds, kept, first, millis(2000), millis(quick ? 700 : 2000), patience);
        }
        return quick
                ? new Plan(workloads, peers, absent, rounds, kept, millis(900), millis(250), millis(500), patience)
                : new Plan(workloads, peers, absent, rounds, kept, millis(3000), millis(0), millis(1500), patience);
    }

    private static List<Workload> workloads(String names, boolean quick, boolean tls) throws UsageException {
        if (names.isEmpty()) {
            return Workload.ALL.stream()
                    .filter(each -> each.isTls() == tls && (each.quick() || !quick))
                    .toList();
        }
        List<Workload> workloads = new ArrayList<>();
        for (String name : names.split(",")) {
            workloads.add(Workload.ALL.stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .orElseThrow(
                            () -> new UsageException("unknown workload: " + name + " (there are " + names() + ")")));
        }
        return workloads;
    }

    public static String names() {
        return String.join(", ", Workload.ALL.stream().map(Workload::name).toList());
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    /**
     * Returns the peers suitable for a workload, in the order of a round. The order changes from round to round,
     * because peers measured close in time share the same disturbances.
     */
    List<String> peers(Workload workload, int round) {
        List<String> suitable =
                new ArrayList<>(peers.stream().filter(workload::suits).toList());
        Collections.rotate(suitable, suitable.size() * round / rounds);
        if (round % 2 == 1) {
            Collections.reverse(suitable);
        }
        return suitable;
    }

    /** Returns the duration of the uncounted load. */
    Duration warmup(Workload workload, boolean isNew) {
        return !kept && workload.isChurn() ? CHURN : isNew ? first : again;
    }

    /** Returns the number of measurements of the plan. */
    public int size() {
        return rounds
                * workloads.stream().mapToInt(each -> peers(each, 0).size()).sum();
    }

    String conditions(boolean pinned) {
        return String.format(
                "%d rounds, interleaved, the order turning round; %s; %s ms counted behind a warm-up of %s; one server"
                        + " thread, %s; every byte that comes back is checked",
                rounds,
                "one server JVM for each peer and protocol, over TLS for each load, "
                        + (kept ? "kept" : "fresh in each round"),
                counted.toMillis(),
                kept
                        ? first.toMillis() + " ms at first, then " + again.toMillis() + " ms"
                        : first.toMillis() + " ms, connections of one message each " + CHURN.toMillis() + " ms",
                pinned
                        ? "the server pinned to one CPU, the load to another"
                        : "NOT pinned, for want of taskset or of a second CPU: expect noise");
    }
}

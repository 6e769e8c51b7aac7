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
 * What a comparison will do.
 *
 * @param workloads in their order
 * @param peers in their order
 * @param absent those asked for that cannot run here, each with the reason
 * @param rounds how often each is measured
 * @param kept whether a peer has the same JVM in all rounds, or a fresh one in each
 * @param first how long a load goes uncounted that a server meets for the first time
 * @param again the same for one that it has met
 * @param counted how long a load counts
 * @param patience how long nothing may come back before a server is said to hang
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
     * What makes and closes connections is called a few thousand times a second, and by no other load: a JVM compiles it late,
     * and on a slow machine it is that which would be compared.
     */
    private static final Duration CHURN = millis(8000);

    private static final String STANDARD = "futuresockets-loop,futuresockets-loop-transfer,futuresockets-loop-lines,"
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
                // An unknown name ends here; a known one has no part in these workloads.
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
            // The ciphers of the JDK are ten times as slow until they are compiled, and until then it is this that is
            // compared.
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

    /** Those with something to say under a workload, in the order of a round: who is near whom in time changes with it. */
    List<String> peers(Workload workload, int round) {
        List<String> suitable =
                new ArrayList<>(peers.stream().filter(workload::suits).toList());
        Collections.rotate(suitable, suitable.size() * round / rounds);
        if (round % 2 == 1) {
            Collections.reverse(suitable);
        }
        return suitable;
    }

    /** How long a load goes uncounted. */
    Duration warmup(Workload workload, boolean isNew) {
        return !kept && workload.isChurn() ? CHURN : isNew ? first : again;
    }

    /** How many measurements this is. */
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

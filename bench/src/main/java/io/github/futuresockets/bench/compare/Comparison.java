package io.github.futuresockets.bench.compare;

import io.github.futuresockets.bench.load.LoadResult;
import io.github.futuresockets.bench.result.Measurement;
import io.github.futuresockets.bench.result.Results;
import io.github.futuresockets.bench.result.Workload;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of all peers of a plan, round by round. A failed measurement is reported and not repeated in later
 * rounds. The other measurements continue.
 */
public final class Comparison implements AutoCloseable {
    private final Plan plan;
    private final ComparisonProgress progress;
    private final List<String> loadCpu = ChildJvm.pinnedTo(1);
    private final List<String> serverCpu = loadCpu.isEmpty() ? List.of() : ChildJvm.pinnedTo(0);
    private final Servers servers;
    private final Set<String> failed = new HashSet<>();
    private final List<Measurement> measurements = new ArrayList<>();
    private @Nullable LoadJvm load;

    public Comparison(Plan plan, ComparisonProgress progress) {
        this.plan = plan;
        this.progress = progress;
        this.servers = new Servers(serverCpu);
    }

    public Results run() throws IOException {
        for (int round = 0; round < plan.rounds(); round++) {
            for (Workload workload : plan.workloads()) {
                for (String peer : plan.peers(workload, round)) {
                    measure(workload, peer, round + 1);
                }
            }
            if (!plan.kept()) {
                servers.close();
            }
        }
        progress.end();
        return new Results(
                Environment.describe(),
                plan.conditions(!serverCpu.isEmpty()),
                plan.workloads(),
                plan.peers(),
                plan.absent(),
                measurements);
    }

    private void measure(Workload workload, String peer, int round) throws IOException {
        String both = workload.name() + ' ' + peer;
        if (failed.contains(both)) {
            progress.skip();
            return;
        }
        progress.begin(round, workload, peer);
        Measurement measurement = attempt(workload, peer, round);
        servers.release(peer, workload, measurement.failure() != null);
        if (measurement.failure() != null) {
            failed.add(both);
        }
        measurements.add(measurement);
        progress.end(measurement);
    }

    private Measurement attempt(Workload workload, String peer, int round) {
        ServerJvm server = null;
        try {
            server = servers.get(peer, workload);
            return workload.idle()
                    ? new Measurement(
                            workload.name(), peer, round, null, IdleMeasurement.of(server, workload.shape()), null)
                    : new Measurement(workload.name(), peer, round, load(server, workload, peer), null, null);
        } catch (IOException e) {
            return Measurement.failed(workload.name(), peer, round, reason(e, server));
        }
    }

    private LoadResult load(ServerJvm server, Workload workload, String peer) throws IOException {
        LoadJvm generator = generator();
        Duration warmup = plan.warmup(workload, servers.isNew(peer, workload));
        LoadResult result = generator.load(server, workload.shape(), warmup, plan.counted(), plan.patience());
        if (result.messages() == 0) {
            throw new IOException("not one message came back in the counted time");
        }
        return result;
    }

    private LoadJvm generator() throws IOException {
        if (load != null && !load.isAlive()) {
            load.close();
            load = null;
        }
        if (load == null) {
            load = new LoadJvm(loadCpu);
        }
        return load;
    }

    private static String reason(IOException failure, @Nullable ServerJvm server) {
        String reason = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        if (server == null) {
            return reason;
        }
        try {
            String story = server.story();
            return story.isEmpty() ? reason : reason + "\nThe server:\n" + story;
        } catch (IOException e) {
            return reason + "\n(what the server said cannot be read: " + e + ")";
        }
    }

    @Override
    public void close() throws IOException {
        servers.close();
        if (load != null) {
            load.close();
        }
    }
}

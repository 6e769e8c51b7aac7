package io.github.futuresockets.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.bench.common.Arguments;
import io.github.futuresockets.bench.compare.Plan;
import io.github.futuresockets.bench.peer.Peers;
import io.github.futuresockets.bench.peer.Protocol;
import io.github.futuresockets.bench.result.Results;
import io.github.futuresockets.bench.result.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests a comparison over TLS and a comparison of idle connections. */
class CompareTlsTest {
    @TempDir
    Path folder;

    @Test
    void compare_tlsWorkloadsAndPeers_areMeasured() throws Exception {
        Plan plan = Plan.from(new Arguments(List.of("--tls")));
        assertEquals(
                Peers.all(Protocol.TLS).size(),
                plan.peers().size() + plan.absent().size());
        assertTrue(plan.workloads().stream().allMatch(Workload::isTls), plan::toString);
        Results tls = CompareTest.compare(folder, 1, "tls-handshakes,tls-idle", "futuresockets-loop");
        assertEquals(2, tls.measurements().size());
        tls.measurements().forEach(each -> assertEquals(null, each.failure()));
        assertTrue(Files.readString(folder.resolve("report.html")).contains("data-metric=\"HANDSHAKES\""));
    }

    @Test
    void compare_peerDiesAtMemoryQuery_isReported() throws Exception {
        Results fragile = CompareTest.compare(folder, 2, "idle", BadPeers.Fragile.NAME);
        assertTrue(
                String.valueOf(fragile.measurements().get(0).failure()).contains("ended with status 4"),
                () -> fragile.measurements().toString());
    }
}

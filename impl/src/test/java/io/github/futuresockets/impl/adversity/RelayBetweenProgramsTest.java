package io.github.futuresockets.impl.adversity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.AsyncRelay;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.RelayReport;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Installed;
import io.github.futuresockets.impl.support.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests a relay between two instances of the program {@code socat}. */
class RelayBetweenProgramsTest extends AdversityBase {
    private static final int SIZE = 20_000_000;

    @TempDir
    private Path folder;

    private final byte[] sent = Seeds.bytes("relay", SIZE);
    private int serverPort;

    @BeforeEach
    void prepare() throws Exception {
        Installed.assume("socat");
        Files.write(folder.resolve("sent"), sent);
        serverPort = Installed.freePort();
        open(builder -> builder);
    }

    /** Relays between a serving and a calling {@code socat}, and returns the report of the relay. */
    private RelayReport relay(String serving, String calling) throws Exception {
        Process server = new ProcessBuilder(
                        "socat",
                        "-t20",
                        "TCP-LISTEN:" + serverPort + ",bind=127.0.0.1,reuseaddr",
                        "SYSTEM:" + serving + ",nofork")
                .directory(folder.toFile())
                .inheritIO()
                .start();
        try (AsyncServerSocket listener = sockets.listen("127.0.0.1", 0)) {
            CompletableFuture<RelayReport> report = listener.accept()
                    .thenCompose(caller -> connected().thenCompose(callee -> AsyncRelay.join(caller, callee)));
            Process client = new ProcessBuilder("sh", "-c", calling.replace("RELAY", "127.0.0.1:" + listener.port()))
                    .directory(folder.toFile())
                    .inheritIO()
                    .start();
            assertEquals(0, exit(client));
            RelayReport counts = Await.value(report);
            assertEquals(0, exit(server));
            return counts;
        } finally {
            server.destroyForcibly();
        }
    }

    private static int exit(Process process) {
        return Await.value(Background.call(process::waitFor));
    }

    /** Connects to the serving program. Because the program may not listen yet, tries again after a refusal. */
    private CompletableFuture<io.github.futuresockets.AsyncSocket> connected() {
        return sockets.connect("127.0.0.1", serverPort)
                .exceptionallyComposeAsync(
                        refused -> connected(), CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
    }

    @Test
    void relay_callerEndsFirst_deliversAnswerAfterwards() throws Exception {
        RelayReport counts = relay("cat > got; wc -c < got", "socat -t20 - TCP:RELAY < sent > answer");
        assertArrayEquals(sent, Files.readAllBytes(folder.resolve("got")));
        String answer = Files.readString(folder.resolve("answer"), StandardCharsets.US_ASCII);
        assertEquals(String.valueOf(SIZE), answer.strip());
        assertEquals(new RelayReport(SIZE, answer.length(), null), counts);
    }

    @Test
    void relay_serverEndsFirst_callerGoesOn() throws Exception {
        RelayReport counts =
                relay("cat sent; exec 1>&-; cat > question", "(sleep 1; echo late) | socat -t20 - TCP:RELAY > got");
        assertArrayEquals(sent, Files.readAllBytes(folder.resolve("got")));
        assertEquals("late\n", read("question"));
        assertEquals(new RelayReport(5, SIZE, null), counts);
    }

    private String read(String name) throws IOException {
        return Files.readString(folder.resolve(name), StandardCharsets.US_ASCII);
    }
}

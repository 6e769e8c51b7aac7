package io.github.futuresockets.impl.adversity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.TestAccess;
import io.github.futuresockets.impl.support.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLHandshakeException;

/**
 * A conversation over TLS between two ends in memory, with a virtual clock: a request, an answer, and the end of the
 * stream. A trial cuts, delays or changes the bytes in between. After each trial the class checks the following:
 * <ul>
 *   <li>Each end has received the bytes of the other end, or a prefix of the bytes and a failure.
 *   <li>The conversation is over within {@link #LONGEST}.
 *   <li>No connection and no timer is left.
 * </ul>
 */
final class TlsTrialBase {
    static final String REQUEST = "a request, which is a little longer than a word\n";
    static final String ANSWER = "the answer, of which no byte may ever be another one\n";

    /** An upper limit of all time-outs of a conversation in sequence. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** Changes the bytes of one direction. The offset is the position of the first byte in the stream. */
    interface Tamper {
        byte[] change(boolean toServer, long offset, byte[] bytes);
    }

    /** The bytes and the outcome at one end. */
    static final class Got {
        final StringBuilder text = new StringBuilder();
        boolean ended;
        Throwable failure;

        private CompletionStage<?> until(AsyncSocket socket, int length) {
            return AsyncLoop.whileTrue(() -> socket.readSome(1_000).thenApply(bytes -> {
                ended = bytes == null;
                if (bytes != null) {
                    text.append(US_ASCII.decode(bytes));
                }
                return !ended && text.length() < length;
            }));
        }

        private boolean hasFailed(Throwable why) {
            failure = why;
            return why != null;
        }

        private void check(String sent) {
            assertTrue(sent.startsWith(text.toString()), () -> "never sent: " + text);
            assertFalse(
                    ended && text.length() < sent.length(), () -> "an end behind " + text.length() + " bytes: " + this);
            assertTrue(failure == null || failure instanceof IOException, () -> "failed with " + failure);
        }

        @Override
        public String toString() {
            return text + ", " + (ended ? "the end, " : "") + failure;
        }

        boolean isWhole(String sent) {
            return failure == null && text.toString().equals(sent);
        }
    }

    private final MemoryNetwork network = MemoryNetwork.create(
            settings -> settings.readTimeout(Duration.ofSeconds(20)).onError((socket, failure) -> refused = failure));
    private final String protocol;
    private final long[] passed = new long[2];

    final Got client = new Got();
    final Got server = new Got();

    /** The handshake failure from the error handler of the network, or null. */
    Throwable refused;

    TlsTrialBase(String protocol) {
        this.protocol = protocol;
    }

    /** Runs a conversation over a network with the given faults. */
    static TlsTrialBase faulty(String protocol, FaultPlan toClient, FaultPlan toServer) {
        TlsTrialBase trial = new TlsTrialBase(protocol);
        trial.network.faults(toClient, toServer);
        try {
            trial.converse(trial.serve());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return trial;
    }

    /** Runs a conversation through a relay that may change the bytes. */
    static TlsTrialBase tampered(String protocol, Tamper tamper) {
        TlsTrialBase trial = new TlsTrialBase(protocol);
        try {
            int port = trial.serve();
            AsyncServerSocket middle = trial.network.listen("localhost", 0);
            middle.serve(left -> trial.network.connect("localhost", port).thenCompose(right -> {
                left.closed().thenRun(right::close);
                right.closed().thenRun(left::close);
                return CompletableFuture.allOf(
                        trial.relay(left, right, true, tamper), trial.relay(right, left, false, tamper));
            }));
            trial.converse(middle.port());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return trial;
    }

    private CompletableFuture<?> relay(AsyncSocket from, AsyncSocket to, boolean toServer, Tamper tamper) {
        int direction = toServer ? 1 : 0;
        return AsyncLoop.whileTrue(() -> from.readSome(65_536).thenCompose(bytes -> {
                    if (bytes == null) {
                        return to.shutdownOutput().thenApply(none -> false);
                    }
                    long offset = passed[direction];
                    passed[direction] += bytes.remaining();
                    return to.write(tamper.change(toServer, offset, bytes.array()))
                            .thenApply(none -> true);
                }))
                .whenComplete((none, failure) -> {
                    if (failure != null) {
                        to.abort();
                    }
                });
    }

    private int serve() throws IOException {
        TlsOptions options = TlsOptions.server(TestCertificates.server()).protocols(protocol);
        AsyncServerSocket listener =
                network.listen(new InetSocketAddress("127.0.0.1", 0), chosen -> chosen.tls(options));
        listener.serve(socket -> server.until(socket, REQUEST.length())
                .thenCompose(none -> socket.write(ANSWER))
                .handle((none, failure) -> {
                    if (failure instanceof SocketTimeoutException) {
                        socket.abort();
                    }
                    return server.hasFailed(failure);
                }));
        return listener.port();
    }

    /** Runs the client. Because the TLS context is new, the client resumes no earlier session. */
    private void converse(int port) {
        TlsOptions options = TlsOptions.client()
                .context(TestCertificates.trusting(TestCertificates.root()))
                .protocols(protocol);
        CompletableFuture<?> over = network.connectTls("localhost", port, options)
                .thenCompose(socket -> socket.write(REQUEST)
                        .thenCompose(none -> client.until(socket, Integer.MAX_VALUE))
                        .whenComplete((none, failure) -> socket.close()))
                .handle((none, failure) -> client.hasFailed(failure));
        network.advance(LONGEST);
        assertTrue(over.isDone(), "the client hangs");
        client.check(ANSWER);
        server.check(client.failure instanceof SSLHandshakeException ? "" : REQUEST);
        assertEquals(0, network.stats().open(), "connections are left");
        network.close();
        assertEquals(0, TestAccess.alarms(network), "timers are left");
    }

    /** Returns the number of bytes that the relay has read in a direction. */
    long passed(boolean toServer) {
        return passed[toServer ? 1 : 0];
    }

    boolean isWhole() {
        return client.isWhole(ANSWER) && server.isWhole(REQUEST);
    }
}

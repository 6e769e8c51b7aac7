package io.github.futuresockets.impl.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.memory.MemoryLoop;
import io.github.futuresockets.impl.support.Seeds;
import io.github.futuresockets.impl.support.TestCertificates;
import io.github.futuresockets.impl.tls.RecordDecoder.Step;
import io.github.futuresockets.impl.transport.BufferPool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two ends of TLS, with random changes to the bytes between the ends. Bytes are changed, lost, repeated or made up, and
 * cut into random pieces. Each end must receive all bytes of the other end, or a prefix and an {@link SSLException}.
 * The number of steps and the memory are bounded.
 *
 * <p>The test runs for two seconds. {@code -Dfuturesockets.fuzz.seconds=60} sets a duration of one minute.
 */
class TlsFuzzTest {
    private static final int MOST_STEPS = 10_000;

    private final BufferPool chunks = new MemoryLoop(Supplies.Memory.JVM).chunks();
    private Random random;

    /** An end of a connection, with the bytes to send and the received bytes. */
    private final class End {
        private final SSLEngine engine;
        private final RecordDecoder reading;
        private final RecordEncoder writing;
        private final HandshakeStep handshake;
        private final byte[] own = new byte[random.nextInt(random.nextInt(4) == 0 ? 40_000 : 200)];
        private final ByteBuffer unwritten = ByteBuffer.wrap(own);
        private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
        private final ByteArrayOutputStream got = new ByteArrayOutputStream();
        private boolean open;
        private boolean said;
        private boolean ended;
        private SSLException failure;

        End(TlsOptions options) {
            random.nextBytes(own);
            engine = TlsEngines.of(options.settings(), "localhost", 1);
            reading = new RecordDecoder(engine, chunks);
            writing = new RecordEncoder(engine, chunks);
            handshake = new HandshakeStep(engine, reading);
        }

        private void send() {
            while (writing.out().hasRemaining()) {
                sent.write(writing.out().get());
            }
            writing.release();
        }

        private boolean isOver() {
            return failure != null || ended && said;
        }

        /** Processes the bytes that have arrived. After a failure, sends an alert to the other end if possible. */
        void go() {
            try {
                if (!open) {
                    shake();
                }
                if (open) {
                    talk();
                }
            } catch (SSLException e) {
                failure = e;
                tell();
            }
        }

        private void tell() {
            try {
                reading.drop();
                writing.end();
                send();
            } catch (SSLException nothingToSay) {
                writing.release();
            }
        }

        private void shake() throws SSLException {
            for (int steps = 0; !open; steps++) {
                assertTrue(steps < MOST_STEPS, "a handshake without an end");
                switch (handshake.next()) {
                    case WRITE:
                        writing.wrap(RecordWriter.FLUSH);
                        send();
                        break;
                    case TASKS:
                        engine.getDelegatedTask().run();
                        break;
                    case READ:
                        return;
                    default:
                        open = true;
                        reading.open();
                }
            }
        }

        private void talk() throws SSLException {
            if (unwritten.hasRemaining()) {
                writing.wrap(unwritten);
                send();
            } else if (!said && (ended || random.nextInt(3) == 0)) {
                said = true;
                writing.end();
                send();
            }
            for (int steps = 0; ; steps++) {
                assertTrue(steps < MOST_STEPS, "reading without an end");
                Step step = reading.step();
                if (reading.takeResponsesDue() > 0 && !said) {
                    writing.wrap(RecordWriter.FLUSH);
                    send();
                }
                if (step != Step.DATA) {
                    ended |= step == Step.END;
                    return;
                }
                take(reading.take(1 + random.nextInt(BufferPool.LARGE)));
            }
        }

        private void take(ByteBuffer bytes) {
            while (bytes.hasRemaining()) {
                got.write(bytes.get());
            }
            chunks.release(bytes);
        }

        void check(End other) {
            byte[] mine = got.toByteArray();
            assertEquals(
                    -1, Arrays.mismatch(mine, Arrays.copyOf(other.own, mine.length)), "a byte that was never written");
            assertTrue(mine.length <= other.own.length, "more than was written");
            if (ended && failure == null && other.failure == null) {
                assertEquals(other.own.length, mine.length, "an end before the end");
            }
            reading.drop();
            writing.release();
        }
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void conversation_bytesMutatedAndCut_givesPrefixOrFails() {
        long seed = Seeds.random("anyBytesBetweenThemCutInAnyWay").nextLong();
        TlsOptions client = TlsOptions.client().context(TestCertificates.client());
        TlsOptions server = TlsOptions.server(TestCertificates.server());
        long began = System.nanoTime();
        long time = TimeUnit.SECONDS.toNanos(Long.getLong("futuresockets.fuzz.seconds", 2));
        long conversations = 0;
        long whole = 0;
        while (System.nanoTime() - began < time) {
            random = new Random(seed + conversations);
            String protocol = random.nextBoolean() ? "TLSv1.2" : "TLSv1.3";
            try {
                whole += converse(client.protocols(protocol), server.protocols(protocol)) ? 1 : 0;
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(protocol + ", seed " + (seed + conversations), e);
            }
            conversations++;
        }
        System.out.println(conversations + " conversations, " + whole + " of them whole");
        assertTrue(
                conversations < 50 || whole > 0 && whole < conversations,
                whole + " of " + conversations + " went on as if nothing was");
    }

    private boolean converse(TlsOptions clientOptions, TlsOptions serverOptions) {
        End client = new End(clientOptions);
        End server = new End(serverOptions);
        int evil = random.nextInt(5);
        boolean toServer = random.nextBoolean();
        boolean moved = true;
        for (int turn = 0; moved && !(client.isOver() && server.isOver()); turn++) {
            assertTrue(turn < MOST_STEPS, "a conversation without an end");
            client.go();
            server.go();
            moved = pass(client, server, evil == turn && toServer) | pass(server, client, evil == turn && !toServer);
        }
        client.check(server);
        server.check(client);
        return client.isOver() && server.isOver() && client.failure == null && server.failure == null;
    }

    /** Passes the sent bytes of one end to the other, in pieces. Returns false if there were no bytes. */
    private boolean pass(End from, End to, boolean changed) {
        byte[] bytes = from.sent.toByteArray();
        from.sent.reset();
        byte[] all = changed ? mutated(bytes) : bytes;
        int most = random.nextInt(8) == 0 ? 20 : BufferPool.LARGE;
        for (int begin = 0; begin < all.length && to.failure == null; ) {
            int end = Math.min(all.length, begin + 1 + random.nextInt(most));
            to.reading.add(
                    chunks.acquire(end - begin).put(all, begin, end - begin).flip());
            to.go();
            begin = end;
        }
        return all.length > 0;
    }

    /** Returns a copy with some bytes changed, removed, made up or repeated, or with a made-up record. */
    private byte[] mutated(byte[] bytes) {
        int from = random.nextInt(bytes.length + 1);
        int to = random.nextInt(4) == 0 ? bytes.length : Math.min(bytes.length, from + random.nextInt(60));
        ByteArrayOutputStream made = new ByteArrayOutputStream();
        made.write(bytes, 0, from);
        byte[] some = new byte[1 + random.nextInt(40)];
        random.nextBytes(some);
        switch (random.nextInt(5)) {
            case 0:
                made.writeBytes(some);
                break;
            case 1:
                made.write(bytes, from, to - from);
                made.write(bytes, from, to - from);
                break;
            case 2:
                made.write(new byte[] {(byte) (20 + random.nextInt(6)), 3, (byte) random.nextInt(5), 0}, 0, 4);
                made.write(some.length);
                made.writeBytes(some);
                made.write(bytes, from, to - from);
                break;
            case 3:
                break;
            default:
                for (int i = from; i < to; i++) {
                    made.write(bytes[i] ^ (random.nextInt(8) == 0 ? 1 << random.nextInt(8) : 0));
                }
        }
        made.write(bytes, to, bytes.length - to);
        return made.toByteArray();
    }

    /** A test of {@link End#check}, which must notice a byte that the other end has not written. */
    @Test
    void fuzzCheck_wrongByte_fails() throws IOException {
        random = new Random(1);
        End one = new End(TlsOptions.client().context(TestCertificates.client()));
        End other = new End(TlsOptions.server(TestCertificates.server()));
        one.got.write(other.own.length == 0 ? 1 : ~other.own[0]);
        boolean noticed = false;
        try {
            one.check(other);
        } catch (AssertionError e) {
            noticed = true;
        }
        assertTrue(noticed);
    }
}

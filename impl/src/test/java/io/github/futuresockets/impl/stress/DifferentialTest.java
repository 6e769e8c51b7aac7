package io.github.futuresockets.impl.stress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.Seeds;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Compares any sequence of reads, on any split of a stream, with the same reads on an array. */
class DifferentialTest extends ProviderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String[] PIECES = {
        "a", "ab", "aab", "\n", "\r\n", "\r", "\r\r\n", "\u00e9", "\u20ac", "\u0003", "xyz", "\n\n"
    };

    @Test
    void reads_anySequence_equalReadsOnArray() {
        long seed = Seeds.random("differential").nextLong();
        Parallel.run(4, Duration.ofSeconds(50), thread -> {
            try (AsyncSockets sockets = builder().threads(1).build()) {
                for (int i = 0; i < 150; i++) {
                    scenario(sockets, seed + thread * 1_000_000L + i, null);
                }
            }
        });
    }

    @Test
    void comparison_decoderDropsByte_fails() {
        try (AsyncSockets sockets = builder().threads(1).build()) {
            AssertionError noticed = assertThrows(AssertionError.class, () -> {
                for (int i = 0; i < 50; i++) {
                    scenario(sockets, i, Decoders.dropping(Decoders.fixed(3, 100)));
                }
            });
            assertTrue(noticed.getMessage().contains("due is"), noticed.getMessage());
        }
    }

    /** Reads one stream to its end. {@code wrong} decodes some messages of three bytes. */
    private static void scenario(AsyncSockets sockets, long seed, Decoder<ByteBuffer> wrong) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] stream = stream(random);
        StringBuilder history = new StringBuilder("seed " + seed + ", stream " + Expected.show(stream) + ":");
        try (ConnectionPair link = ConnectionPair.open(sockets)) {
            SplittableRandom splits = random.split();
            CompletableFuture<?> sender = Background.run(() -> send(link.far(), stream, splits));
            int at = 0;
            int failures = 0;
            for (int ends = 0; ends < 3; ) {
                byte[] rest = Arrays.copyOfRange(stream, at, stream.length);
                ReadModel read = failures > 6 ? ReadModels.some(1_000) : read(random, rest.length);
                history.append("\n  at ").append(at).append(": ").append(read);
                if (wrong != null && rest.length > 3 && random.nextInt(4) == 0) {
                    history.append(" but wrong");
                    Patience.done(PATIENCE, link.near().readMessage(wrong), () -> "the wrong message");
                    at += 3;
                    continue;
                }
                int taken = outcome(read, read.issue(link.near()), rest);
                failures = taken > 0 ? 0 : failures + 1;
                at += taken;
                ends += at == stream.length ? 1 : 0;
            }
            Patience.done(PATIENCE, sender, () -> "the sender");
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(history + ": " + e.getMessage(), e);
        }
    }

    private static int outcome(ReadModel read, CompletableFuture<?> future, byte[] rest) {
        Patience.done(PATIENCE, future, () -> "it");
        Throwable failure = future.handle((value, error) -> error).join();
        if (failure == null) {
            return read.succeeded(future.getNow(null), rest, true);
        }
        read.checkUntouched();
        read.expected(rest, true).failed(failure);
        return 0;
    }

    private static ReadModel read(SplittableRandom random, int rest) {
        switch (random.nextInt(40)) {
            case 0:
                return ReadModels.all(Math.max(1, rest + random.nextInt(-1, 2)));
            case 1:
                return new TransferRead(Runnable::run);
            case 2:
            case 3:
            case 4:
                return ReadModels.readable();
            case 5:
                return ReadModels.exactly(rest + 1);
            case 6:
                return BufferReads.fully(Math.max(1, rest));
            default:
                return ReadModels.random(random, rest > 5_000 ? 20_000 : random.nextInt(6) == 0 ? 400 : 30);
        }
    }

    private static byte[] stream(SplittableRandom random) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        int kind = random.nextInt(20);
        int length = kind == 0 ? 70_000 : kind < 4 ? random.nextInt(5) : random.nextInt(2_000);
        while (stream.size() < length) {
            if (kind == 0) {
                stream.writeBytes(new byte[random.nextInt(1, 10_000)]);
            } else if (random.nextInt(8) == 0) {
                stream.write(random.nextInt(256));
            } else {
                stream.writeBytes(PIECES[random.nextInt(PIECES.length)].getBytes(UTF_8));
            }
        }
        return stream.toByteArray();
    }

    private static void send(Peer peer, byte[] stream, SplittableRandom random) {
        int style = random.nextInt(4);
        for (int at = 0; at < stream.length; ) {
            int length = style == 0 ? stream.length : style == 1 ? random.nextInt(1, 3) : random.nextInt(1, 200);
            int end = Math.min(stream.length, stream.length > 10_000 ? at + 50 * length : at + length);
            peer.send(Arrays.copyOfRange(stream, at, end));
            at = end;
            if (style > 1 && random.nextInt(3) == 0) {
                LockSupport.parkNanos(random.nextInt(200_000));
            }
        }
        peer.end();
    }
}

package io.github.futuresockets.bench.demo;

import io.github.futuresockets.AsyncSocket;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** Sends messages of random bytes and random size behind a length of 4 bytes, each when the one before it is back. */
public final class BinaryConversation extends Conversation {
    private static final int MAX_SIZE_LOG2 = 20;

    private final ByteBuffer noise;
    private final SplittableRandom random;
    private final DemoScore score;
    private final MessageDigest digest = sha256();
    private volatile int message;
    private volatile int size;

    public BinaryConversation(
            int number, ByteBuffer noise, SplittableRandom random, DemoScore score, BooleanSupplier timeIsUp) {
        super("conversation " + number + ", binary", timeIsUp);
        this.noise = noise;
        this.random = random;
        this.score = score;
    }

    /** What all messages are pieces of, so that a thousand of them in flight need no memory of their own. */
    public static ByteBuffer noise(SplittableRandom random) {
        byte[] bytes = new byte[4 << MAX_SIZE_LOG2];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** As many messages of 1 to 2 bytes as of 512 KiB to 1 MiB. */
    private ByteBuffer randomMessage() {
        int length = (int) Math.ceil(Math.pow(2, MAX_SIZE_LOG2 * random.nextDouble()));
        return noise.slice(random.nextInt(noise.capacity() - length + 1), length);
    }

    @Override
    CompletionStage<Boolean> exchange(AsyncSocket socket) {
        ByteBuffer payload = randomMessage();
        size = payload.remaining();
        message++;
        digest.update(payload.duplicate());
        byte[] digestOfSent = digest.digest();
        long begun = System.nanoTime();
        // Both at once: if nobody reads the echo while it is sent, a large message fills the buffers of both ends.
        CompletableFuture<Void> sending = socket.write(ByteBuffer.allocate(4).putInt(0, size), payload.duplicate());
        CompletableFuture<Void> receiving = socket.readExactly(4)
                .thenCompose(length -> socket.readExactly(checkedLength(length)))
                .thenAccept(echo -> check(payload, digestOfSent, echo));
        return sending.thenCombine(receiving, (written, verified) -> {
            score.add(4 + payload.remaining(), System.nanoTime() - begun);
            return false;
        });
    }

    private int checkedLength(ByteBuffer prefix) {
        int length = prefix.getInt();
        if (length != size) {
            throw wrong("message " + message + " of " + size + " bytes came back with length " + length);
        }
        return length;
    }

    private void check(ByteBuffer payload, byte[] digestOfSent, ByteBuffer echo) {
        int differs = payload.mismatch(echo);
        if (differs >= 0) {
            throw wrong("message " + message + ": byte " + differs + " of " + size + " is not as sent");
        }
        digest.update(echo);
        if (!Arrays.equals(digestOfSent, digest.digest())) {
            throw wrong("message " + message + ": the SHA-256 of what came back is not that of what was sent");
        }
    }

    @Override
    String exchanging() {
        return "waits for message " + message + " of " + size + " bytes to come back";
    }
}

package io.github.futuresockets.bench.demo;

import io.github.futuresockets.AsyncSocket;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * A conversation of binary messages with a length prefix of 4 bytes. The bytes and the size of each message are random.
 * A message is sent after the echo of the previous message has arrived.
 */
public final class BinaryConversation extends Conversation {
    private static final int MAX_SIZE_LOG2 = 20;

    private final ByteBuffer noise;
    private final SplittableRandom random;
    private final DemoScore score;
    private final MessageDigest digest = sha256();

    // read by the thread of the DemoRun too
    private volatile int message;
    private volatile int size;

    public BinaryConversation(
            int number, ByteBuffer noise, SplittableRandom random, DemoScore score, BooleanSupplier timeIsUp) {
        super("conversation " + number + ", binary", timeIsUp);
        this.noise = noise;
        this.random = random;
        this.score = score;
    }

    /**
     * Returns the random bytes of which all messages are slices. Because the messages share these bytes, a thousand
     * messages in flight take no memory of their own.
     */
    public static ByteBuffer noise(SplittableRandom random) {
        byte[] bytes = new byte[4 << MAX_SIZE_LOG2];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** Returns a slice of 1 byte to 1 MiB. The logarithm of the size is distributed evenly. */
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
        // Send and receive at the same time, because the unread echo of a large message would block both ends.
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

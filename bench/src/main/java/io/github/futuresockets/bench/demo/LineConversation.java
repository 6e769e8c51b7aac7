package io.github.futuresockets.bench.demo;

import io.github.futuresockets.AsyncSocket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A conversation of lines of a text, repeated. A line is sent after the echo of the previous line has arrived. */
public final class LineConversation extends Conversation {
    private final List<String> lines;
    private final byte[] digestOfText;
    private final DemoScore score;
    private final MessageDigest echoed = sha256();

    /** The index of the line that is sent next. Read by the thread of the DemoRun too. */
    private volatile int next;

    public LineConversation(
            int number, List<String> lines, byte[] digestOfText, DemoScore score, BooleanSupplier timeIsUp) {
        super("conversation " + number + ", lines", timeIsUp);
        this.lines = lines;
        this.digestOfText = digestOfText;
        this.score = score;
    }

    /** Returns the digest of a text. */
    public static byte[] digest(List<String> lines) {
        MessageDigest digest = sha256();
        for (String line : lines) {
            update(digest, line);
        }
        return digest.digest();
    }

    /** Adds a line to a digest and returns the bytes of the line, with the line feed. */
    private static int update(MessageDigest digest, String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        digest.update(bytes);
        digest.update((byte) '\n');
        return bytes.length + 1;
    }

    @Override
    CompletionStage<Boolean> exchange(AsyncSocket socket) {
        String line = lines.get(next);
        long begun = System.nanoTime();
        // The future of the write is not used, because the read fails if the write fails.
        socket.writeLine(line);
        return socket.readLine().thenApply(echo -> {
            if (!line.equals(echo)) {
                throw different(line, echo);
            }
            score.add(update(echoed, echo), System.nanoTime() - begun);
            return advance();
        });
    }

    /** Goes to the next line. Returns true within the text, because the digest is compared at the end of the text. */
    private boolean advance() {
        next = (next + 1) % lines.size();
        if (next == 0 && !Arrays.equals(digestOfText, echoed.digest())) {
            throw wrong("the SHA-256 of the text that came back is not that of the text sent");
        }
        return next > 0;
    }

    private CompletionException different(String line, @Nullable String echo) {
        return wrong("line " + (next + 1) + " came back as "
                + (echo == null ? "the end of the stream" : '"' + echo + '"') + ", sent was \"" + line + '"');
    }

    @Override
    String exchanging() {
        return "waits for line " + (next + 1) + " of " + lines.size() + " to come back";
    }
}

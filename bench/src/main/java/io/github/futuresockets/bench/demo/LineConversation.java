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

/** Sends a text line by line, again and again, each line when the one before it is back. */
public final class LineConversation extends Conversation {
    private final List<String> lines;
    private final byte[] digestOfText;
    private final DemoScore score;
    private final MessageDigest echoed = sha256();
    private volatile int next;

    public LineConversation(
            int number, List<String> lines, byte[] digestOfText, DemoScore score, BooleanSupplier timeIsUp) {
        super("conversation " + number + ", lines", timeIsUp);
        this.lines = lines;
        this.digestOfText = digestOfText;
        this.score = score;
    }

    public static byte[] digest(List<String> lines) {
        MessageDigest digest = sha256();
        for (String line : lines) {
            update(digest, line);
        }
        return digest.digest();
    }

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
        // Its future need not be waited for: the read fails if the write does.
        socket.writeLine(line);
        return socket.readLine().thenApply(echo -> {
            if (!line.equals(echo)) {
                throw different(line, echo);
            }
            score.add(update(echoed, echo), System.nanoTime() - begun);
            return advance();
        });
    }

    /** A text that was begun is sent to its end in any case, so that there is a digest to compare. */
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

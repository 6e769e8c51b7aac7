package io.github.futuresockets.impl.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The open sockets and event queues of the process, read from {@code /proc}. Empty on a system without {@code /proc}.
 */
public final class Descriptors {
    private static final Path OPEN = Path.of("/proc/self/fd");

    private Descriptors() {}

    /** Returns the number of open sockets and event queues. */
    public static int count() {
        return open().size();
    }

    /** Returns the open sockets and event queues, from the number of the descriptor to its target. */
    public static Map<String, String> open() {
        Map<String, String> found = new TreeMap<>();
        if (!Files.isDirectory(OPEN)) {
            return found;
        }
        try (Stream<Path> all = Files.list(OPEN)) {
            all.forEach(each -> {
                String target = target(each);
                if (target.startsWith("socket:") || target.startsWith("anon_inode:")) {
                    found.put(each.getFileName().toString(), target);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** Waits until at most {@code before} descriptors are open. */
    public static void awaitAtMost(int before) {
        Await.until(() -> before + " descriptors left, were open before; now " + open(), () -> count() <= before);
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException closedMeanwhile) {
            return "";
        } catch (IOException e) {
            return "";
        }
    }
}

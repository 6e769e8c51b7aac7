package io.github.futuresockets.bench.demo;

import io.github.futuresockets.AsyncSockets;
import java.net.SocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A run of many concurrent conversations. Shows the progress, and detects failures and conversations that hang. */
public final class DemoRun {
    /** The largest number of conversations that a report names. */
    private static final int NAMED = 10;

    // by the thread of converse and all I/O threads
    private final Set<Conversation> open = ConcurrentHashMap.newKeySet();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    /** The end of the run. Released when all conversations have ended, or a conversation has failed. */
    private final CountDownLatch over = new CountDownLatch(1);

    private final DemoScore lines;
    private final DemoScore binary;

    public DemoRun(DemoScore lines, DemoScore binary) {
        this.lines = lines;
        this.binary = binary;
    }

    /**
     * Runs the conversations and waits for the end. Returns false as soon as a conversation fails, or makes no progress
     * for {@code patience} seconds. The reasons are then printed to standard error.
     *
     * @param conversations at least a single conversation
     * @return true if all conversations have ended without a failure
     */
    public boolean converse(List<Conversation> conversations, AsyncSockets sockets, SocketAddress server, int patience)
            throws InterruptedException {
        open.addAll(conversations);
        DemoProgress progress = new DemoProgress();
        for (Conversation conversation : conversations) {
            conversation.converse(sockets, server).whenComplete((none, failure) -> ended(conversation, failure));
        }
        while (!over.await(100, TimeUnit.MILLISECONDS)) {
            progress.show(open.size(), lines, binary);
            List<Conversation> stuck = open.stream()
                    .filter(each -> each.secondsWithoutProgress() > patience)
                    .collect(Collectors.toList());
            if (!stuck.isEmpty()) {
                progress.end();
                System.err.printf("conversations without progress for %2$d s: %1$d%n", stuck.size(), patience);
                stuck.stream().limit(NAMED).forEach(each -> System.err.println("  " + each));
                return false;
            }
        }
        double seconds = progress.seconds();
        progress.end();
        if (!failures.isEmpty()) {
            System.err.printf("conversations that failed: %d%n", failures.size());
            failures.stream().limit(NAMED).forEach(each -> System.err.println("  " + each));
            return false;
        }
        System.out.println(lines.line(seconds));
        System.out.println(binary.line(seconds));
        System.out.printf("%d conversations, every byte and every SHA-256 as sent%n", conversations.size());
        return true;
    }

    private void ended(Conversation conversation, @Nullable Throwable failure) {
        if (failure != null) {
            StringBuilder story = new StringBuilder(conversation.toString());
            for (Throwable each = failure; each != null; each = each.getCause()) {
                if (!(each instanceof CompletionException)) {
                    story.append("\n    ").append(each);
                }
            }
            failures.add(story.toString());
        }
        open.remove(conversation);
        if (open.isEmpty() || failure != null) {
            over.countDown();
        }
    }
}

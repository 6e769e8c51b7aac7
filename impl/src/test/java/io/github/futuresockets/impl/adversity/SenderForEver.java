package io.github.futuresockets.impl.adversity;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.stress.ConnectionPair;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Program;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A program in a JVM of its own. Peers send without an end to sockets that read once, or wait once for readability, and
 * then stop. Prints the processor time of the next five seconds in milliseconds, and the number of buffered bytes and
 * of bytes in direct buffers.
 */
public final class SenderForEver {
    private static final int PEERS = 20;

    private SenderForEver() {}

    /** Runs the program. The argument is the name of the provider. */
    public static void main(String[] arguments) throws Exception {
        try (AsyncSockets sockets =
                AsyncSockets.builder().provider(arguments[0]).threads(1).build()) {
            List<ConnectionPair> links = new ArrayList<>();
            AtomicLong sent = new AtomicLong();
            for (int i = 0; i < PEERS; i++) {
                ConnectionPair link = ConnectionPair.open(sockets);
                links.add(link);
                Thread sender = new Thread(() -> sendForEver(link, sent));
                sender.setDaemon(true);
                sender.start();
                if (i % 2 == 0) {
                    Await.value(link.near().readSome(10));
                } else {
                    Await.value(link.near().readable());
                }
            }
            awaitStandstill(sent);
            System.gc();
            long before = Program.processorTime();
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
            long used = Program.processorTime() - before;
            long buffered =
                    links.stream().mapToLong(each -> each.near().buffered()).sum();
            System.out.println("processor time: " + used + " ms");
            System.out.println("buffered: " + buffered);
            System.out.println("direct: " + direct());
            links.forEach(ConnectionPair::close);
        }
    }

    private static void sendForEver(ConnectionPair link, AtomicLong sent) {
        byte[] some = new byte[10_000];
        try {
            while (true) {
                link.far().send(some);
                sent.addAndGet(some.length);
            }
        } catch (UncheckedIOException closed) {
            sent.incrementAndGet();
        }
    }

    private static void awaitStandstill(AtomicLong sent) {
        long[] last = {-1};
        Await.until("the senders wait", () -> {
            LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            boolean still = last[0] == sent.get();
            last[0] = sent.get();
            return still;
        });
    }

    /** Returns the bytes in direct buffers. Uses reflection, because the tests do not read java.management. */
    private static long direct() throws ReflectiveOperationException {
        Class<?> type = Class.forName("java.lang.management.BufferPoolMXBean");
        List<?> pools = (List<?>) Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getPlatformMXBeans", Class.class)
                .invoke(null, type);
        long used = 0;
        for (Object each : pools) {
            if (type.getMethod("getName").invoke(each).equals("direct")) {
                used += (long) type.getMethod("getMemoryUsed").invoke(each);
            }
        }
        return used;
    }
}

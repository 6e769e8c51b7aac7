package io.github.futuresockets.impl.adversity;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.stress.ConnectionPair;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.Program;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A program in a JVM of its own: a server that runs out of descriptors, waits, and accepts again after descriptors are
 * released.
 */
public final class DescriptorsExhausted {
    private static final int DESCRIPTORS = 120;

    /** The limit of the processor time within one second of waiting, in milliseconds. */
    private static final long MAX = 500;

    private DescriptorsExhausted() {}

    /** Runs the program with the given provider, and returns the output. */
    static String run(String provider) throws Exception {
        return new Program(DescriptorsExhausted.class)
                .shell("ulimit -n " + DESCRIPTORS)
                .run(provider, Program.classPath());
    }

    /** Runs the program. The arguments are the name of the provider and the class path. */
    public static void main(String[] arguments) throws Exception {
        try (AsyncSockets sockets =
                AsyncSockets.builder().provider(arguments[0]).build()) {
            try (RandomAccessFile stat = new RandomAccessFile("/proc/self/stat", "r")) {
                exhaust(sockets, arguments[1], stat);
            }
        }
    }

    private static void exhaust(AsyncSockets sockets, String path, RandomAccessFile stat) throws IOException {
        AsyncServerSocket listener = sockets.listen("127.0.0.1", 0);
        warmUp(sockets, listener, path);
        System.out.println("warm after " + Program.processorTime(stat) + " ms");
        List<FileInputStream> files = new ArrayList<>();
        open(files);
        Peer first = connect(listener, files);
        for (int i = 0; i < 10; i++) {
            open(files);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        CompletableFuture<AsyncSocket> accept = listener.accept();
        System.out.println("connect: " + Await.failure(IOException.class, sockets.connect(listener.localAddress())));
        long used = ofTheQuietestSecond(stat);
        System.out.println("waiting: " + !accept.isDone() + ", processor time of a second: " + used + " ms");
        if (accept.isDone() || used > MAX) {
            System.out.println("it spins, or it did not wait: " + accept);
            return;
        }
        for (FileInputStream each : files) {
            each.close();
        }
        System.out.println("accepted " + Await.value(accept).remoteAddress() + " for " + first.address());
        for (int i = 0; i < 5; i++) {
            Await.value(sockets.connect(listener.localAddress()));
            Await.value(listener.accept());
        }
        System.out.println("accepted all");
    }

    /**
     * Returns the least processor time of up to ten seconds. Because the compiler may be busy in the first seconds,
     * only the least value shows if the server spins.
     */
    private static long ofTheQuietestSecond(RandomAccessFile stat) throws IOException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 10 && least > MAX; i++) {
            long before = Program.processorTime(stat);
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            least = Math.min(least, Program.processorTime(stat) - before);
        }
        return least;
    }

    /** Closes a file and connects with the released descriptor. If the JVM takes the descriptor first, tries again. */
    private static Peer connect(AsyncServerSocket listener, List<FileInputStream> files) throws IOException {
        while (true) {
            files.remove(files.size() - 1).close();
            try {
                return Peer.connect(listener.localAddress());
            } catch (UncheckedIOException e) {
                System.out.println("the JVM took a descriptor: " + e);
            }
        }
    }

    /** Opens files until no descriptor is left. The JVM may hold some descriptors for a moment. */
    private static void open(List<FileInputStream> files) throws IOException {
        try {
            while (files.size() < 10 * DESCRIPTORS) {
                files.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException expected) {
            System.out.println("after " + files.size() + " files: " + expected.getMessage());
        }
    }

    /** Loads all classes in advance, because loading a class takes a descriptor. */
    private static void warmUp(AsyncSockets sockets, AsyncServerSocket listener, String path) throws IOException {
        System.getLogger("warm up").log(System.Logger.Level.WARNING, "logging works");
        ConnectionPair link = ConnectionPair.open(sockets);
        link.close();
        Await.value(link.near().closed());
        Peer.connect(listener.localAddress()).close();
        AsyncSocket accepted = Await.value(listener.accept());
        accepted.close();
        Await.value(accepted.closed());
        for (String home : path.split(File.pathSeparator)) {
            if (Files.isDirectory(Path.of(home))) {
                try (Stream<Path> all = Files.walk(Path.of(home))) {
                    all.forEach(each -> load(Path.of(home).relativize(each).toString()));
                }
            }
        }
    }

    private static void load(String file) {
        if (file.startsWith("io") && file.endsWith(".class")) {
            try {
                Class.forName(file.replace(".class", "").replace(File.separatorChar, '.'));
            } catch (LinkageError | ClassNotFoundException notOurs) {
                return;
            }
        }
    }
}

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

/** A program of its own, with few descriptors: a server that runs out of them, waits, and goes on when there are some. */
public final class DescriptorsExhausted {
    private static final int DESCRIPTORS = 120;

    /** Of a second in which it waits, in milliseconds of processor time. */
    private static final long MAX = 500;

    private DescriptorsExhausted() {}

    /** Runs it with that provider; what it said. */
    static String run(String provider) throws Exception {
        return new Program(DescriptorsExhausted.class)
                .shell("ulimit -n " + DESCRIPTORS)
                .run(provider, Program.classPath());
    }

    /** The program: the name of the provider, and where its classes are. */
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

    /** Who spins does so in each; but in the first ones the compiler may still be at work. */
    private static long ofTheQuietestSecond(RandomAccessFile stat) throws IOException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 10 && least > MAX; i++) {
            long before = Program.processorTime(stat);
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            least = Math.min(least, Program.processorTime(stat) - before);
        }
        return least;
    }

    /** Connects with the descriptor of a file. The JVM may take a free descriptor first. */
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

    /** Opens files until no more can be; the JVM holds some of its own for a moment now and then. */
    private static void open(List<FileInputStream> files) throws IOException {
        try {
            while (files.size() < 10 * DESCRIPTORS) {
                files.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException expected) {
            System.out.println("after " + files.size() + " files: " + expected.getMessage());
        }
    }

    /** What is needed later is loaded now: without a descriptor no class can be. */
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

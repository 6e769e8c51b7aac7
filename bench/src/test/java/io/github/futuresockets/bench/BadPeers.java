package io.github.futuresockets.bench;

import io.github.futuresockets.bench.peer.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/** Servers with a defect each, for the tests of the comparison. */
public final class BadPeers {
    private BadPeers() {}

    /** A server with a daemon thread for each connection. A subclass serves the connections. Close does nothing. */
    abstract static class Threads implements Peer {
        /** Serves a connection. Called by the thread of the connection. */
        abstract void serve(Socket socket) throws IOException;

        @Override
        public int start(int port, int threads, int buffer) throws IOException {
            ServerSocket listener = new ServerSocket(port, 1000, InetAddress.getLoopbackAddress());
            start(() -> {
                while (true) {
                    Socket socket = listener.accept();
                    start(() -> serve(socket));
                }
            });
            return listener.getLocalPort();
        }

        private interface Task {
            void run() throws IOException;
        }

        private static void start(Task task) {
            Thread thread = new Thread(() -> {
                try {
                    task.run();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() {}
    }

    /** A server whose JVM ends with status 3 after the first byte. */
    public static final class Dying extends Threads {
        static final String NAME = "class:io.github.futuresockets.bench.BadPeers$Dying";

        @Override
        void serve(Socket socket) throws IOException {
            socket.getInputStream().read();
            System.err.println("out of luck");
            Runtime.getRuntime().halt(3);
        }
    }

    /**
     * A correct echo server. Ends the JVM with status 4 when its memory is measured a second time. Because a
     * measurement of memory starts three garbage collections, the server counts the collections.
     */
    public static final class Fragile extends Threads {
        static final String NAME = "class:io.github.futuresockets.bench.BadPeers$Fragile";

        /** The number of requested garbage collections. */
        private final AtomicInteger asked = new AtomicInteger();

        @Override
        public int start(int port, int threads, int buffer) throws IOException {
            for (GarbageCollectorMXBean each : ManagementFactory.getGarbageCollectorMXBeans()) {
                ((NotificationEmitter) each).addNotificationListener((event, none) -> collected(event), null, null);
            }
            return super.start(port, threads, buffer);
        }

        private void collected(Notification event) {
            CompositeData collection = (CompositeData) event.getUserData();
            if (collection.get("gcCause").equals("System.gc()") && asked.incrementAndGet() > 3) {
                Runtime.getRuntime().halt(4);
            }
        }

        @Override
        void serve(Socket socket) throws IOException {
            socket.getInputStream().transferTo(socket.getOutputStream());
        }
    }

    /** A server without answers. Drops all bytes. */
    public static final class Hanging extends Threads {
        static final String NAME = "class:io.github.futuresockets.bench.BadPeers$Hanging";

        @Override
        void serve(Socket socket) throws IOException {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
    }

    /** An echo server that changes byte 1000 of each connection. */
    public static final class Lying extends Threads {
        static final String NAME = "class:io.github.futuresockets.bench.BadPeers$Lying";

        @Override
        void serve(Socket socket) throws IOException {
            InputStream in = socket.getInputStream();
            byte[] message = new byte[64];
            for (long place = 0; in.readNBytes(message, 0, message.length) == message.length; place += message.length) {
                if (place <= 1_000 && 1_000 < place + message.length) {
                    message[(int) (1_000 - place)]++;
                }
                socket.getOutputStream().write(message);
            }
        }
    }

    /** A server whose start fails. */
    public static final class Mute extends Threads {
        static final String NAME = "class:io.github.futuresockets.bench.BadPeers$Mute";

        @Override
        public int start(int port, int threads, int buffer) throws IOException {
            throw new IOException("cannot listen today");
        }

        @Override
        void serve(Socket socket) {}
    }
}

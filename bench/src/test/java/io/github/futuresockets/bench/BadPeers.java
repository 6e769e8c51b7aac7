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

/** Servers with which something is wrong. */
public final class BadPeers {
    private BadPeers() {}

    /** One thread for each connection, which a subclass fills; it ends with its JVM. */
    abstract static class Threads implements Peer {
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

    /** Takes the first bytes and dies of them. */
    public static final class Dying extends Threads {
        static final String NAME = "class:io.github.futuresockets.bench.BadPeers$Dying";

        @Override
        void serve(Socket socket) throws IOException {
            socket.getInputStream().read();
            System.err.println("out of luck");
            Runtime.getRuntime().halt(3);
        }
    }

    /** Gives back everything and dies when its memory is asked for once more: each time collects three times. */
    public static final class Fragile extends Threads {
        static final String NAME = "class:io.github.futuresockets.bench.BadPeers$Fragile";

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

    /** Takes everything and gives nothing. */
    public static final class Hanging extends Threads {
        static final String NAME = "class:io.github.futuresockets.bench.BadPeers$Hanging";

        @Override
        void serve(Socket socket) throws IOException {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
    }

    /** Gives back everything but one byte. */
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

    /** Does not come so far. */
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

package io.github.futuresockets.bench.peer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.bench.load.LoadGenerator;
import io.github.futuresockets.bench.load.Shape;
import io.github.futuresockets.bench.result.Summary;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests each server that can run on the machine, in each of the server's protocols. */
class PeersTest {
    private static final int BUFFER = 16_384;
    private static final int PATIENCE_MILLIS = 10_000;

    /** Returns each pair of a runnable server and a protocol of the server. */
    static Stream<Arguments> all() {
        return Stream.of(Protocol.values())
                .flatMap(protocol -> runnable(protocol).map(name -> Arguments.of(name, protocol)));
    }

    static Stream<String> framing() {
        return runnable(Protocol.FRAMES);
    }

    static Stream<String> encrypting() {
        return runnable(Protocol.TLS);
    }

    private static Stream<String> runnable(Protocol protocol) {
        Map<String, String> obstacles = Peers.obstacles(protocol);
        return Peers.all(protocol).stream()
                .filter(name -> !obstacles.containsKey(name))
                // A server of lines echoes only whole lines, and the bytes of the load have no ends of lines.
                .filter(name -> !name.endsWith("-lines"));
    }

    @ParameterizedTest
    @MethodSource("all")
    void echo_manyConnections_returnsEveryByte(String name, Protocol protocol) throws Exception {
        load(name, new Shape(protocol, 16, 64, 1), 2_000);
    }

    @ParameterizedTest
    @MethodSource("all")
    void echo_manyMessagesInFlight_returnsEveryByte(String name, Protocol protocol) throws Exception {
        load(name, new Shape(protocol, 8, protocol.defaultSize(), 32), 4_000);
    }

    @ParameterizedTest
    @MethodSource("all")
    void echo_messagesLargerThanSocketBuffers_returnsEveryByte(String name, Protocol protocol) throws Exception {
        int size = protocol == Protocol.FRAMES ? Protocol.LARGEST_FRAME : 1 << 20;
        load(name, new Shape(protocol, 4, size, 1 << 23 >> Integer.numberOfTrailingZeros(size)), 40);
    }

    @ParameterizedTest
    @MethodSource("all")
    void echo_twoThreads_returnsEveryByte(String name, Protocol protocol) throws Exception {
        Assumptions.assumeFalse(Summary.isNative(name), "it has one thread");
        try (Peer peer = Peers.runnable(name, protocol)) {
            load(peer.start(0, 2, BUFFER), new Shape(protocol, 16, 1000, 4), 2_000);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void connection_closed_leavesNoDescriptor(String name, Protocol protocol) throws Exception {
        try (Peer peer = Peers.runnable(name, protocol)) {
            int port = peer.start(0, 1, BUFFER);
            byte[] message = message(protocol, 64);
            comeAndGo(port, protocol, message);
            Path descriptors = Path.of("/proc", Long.toString(peer.pid()), "fd");
            Assumptions.assumeTrue(Files.exists(descriptors));
            long before = count(descriptors);
            for (int i = 0; i < 30; i++) {
                comeAndGo(port, protocol, message);
            }
            await(() -> count(descriptors) <= before);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void close_endsConnectionsAndListener(String name, Protocol protocol) throws Exception {
        Peer peer = Peers.runnable(name, protocol);
        int port = peer.start(0, 1, BUFFER);
        try (Socket socket = connect(port, protocol)) {
            exchange(socket, message(protocol, 64));
            peer.close();
            assertTrue(ends(socket), "the connection goes on");
        }
        await(() -> refuses(port));
    }

    @Test
    void connections_inQuickSuccession_areServed() throws Exception {
        for (String name : runnable(Protocol.ECHO).toList()) {
            load(name, new Shape(Protocol.ECHO, 4, 64, 0), 200);
        }
    }

    @ParameterizedTest
    @MethodSource("encrypting")
    void handshakes_inQuickSuccession_succeed(String name) throws Exception {
        load(name, new Shape(Protocol.TLS, 4, 64, 0), 40);
    }

    @ParameterizedTest
    @MethodSource("framing")
    void frames_ofAnyLengthInPieces_comeBackWhole(String name) throws Exception {
        ByteBuffer stream = ByteBuffer.allocate(3 * Protocol.LARGEST_FRAME);
        for (int length : new int[] {0, 1, 3, 0, 0, Protocol.LARGEST_FRAME, 1000, 4, Protocol.LARGEST_FRAME - 1, 0}) {
            stream.put(message(Protocol.FRAMES, length));
        }
        byte[] bytes = new byte[stream.flip().remaining()];
        stream.get(bytes);
        SplittableRandom random = new SplittableRandom(7);
        try (Peer peer = Peers.runnable(name, Protocol.FRAMES);
                Socket socket = connect(peer.start(0, 1, BUFFER), Protocol.FRAMES)) {
            Thread writer = new Thread(() -> writeInPieces(socket, bytes, random));
            writer.start();
            assertArrayEquals(bytes, socket.getInputStream().readNBytes(bytes.length));
            writer.join();
        }
    }

    @ParameterizedTest
    @MethodSource("framing")
    void frame_tooLong_endsConnection(String name) throws Exception {
        try (Peer peer = Peers.runnable(name, Protocol.FRAMES)) {
            int port = peer.start(0, 1, BUFFER);
            for (int length : new int[] {Protocol.LARGEST_FRAME + 1, Integer.MAX_VALUE, -1}) {
                try (Socket socket = connect(port, Protocol.FRAMES)) {
                    socket.getOutputStream()
                            .write(ByteBuffer.allocate(8).putInt(length).array());
                    assertTrue(ends(socket), "the connection goes on");
                }
            }
            try (Socket socket = connect(port, Protocol.FRAMES)) {
                exchange(socket, message(Protocol.FRAMES, 10));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("encrypting")
    void tls_protocolCipherAndCertificate_areSameForAllPeers(String name) throws Exception {
        try (Peer peer = Peers.runnable(name, Protocol.TLS);
                SSLSocket socket = (SSLSocket) connect(peer.start(0, 1, BUFFER), Protocol.TLS)) {
            assertEquals(TlsIdentity.PROTOCOL, socket.getSession().getProtocol());
            assertEquals(TlsIdentity.CIPHER, socket.getSession().getCipherSuite());
            assertArrayEquals(
                    new Certificate[] {TlsIdentity.certificate()},
                    socket.getSession().getPeerCertificates());
        }
    }

    @ParameterizedTest
    @EnumSource
    void peer_cannotRun_givesReasonInOneLine(Protocol protocol) {
        Peers.obstacles(protocol).forEach((name, obstacle) -> {
            assertFalse(obstacle.isBlank(), name);
            assertEquals(1, obstacle.lines().count(), obstacle);
            IOException refusal = assertThrows(IOException.class, () -> Peers.runnable(name, protocol));
            assertEquals(name + " cannot run here: " + obstacle, refusal.getMessage());
        });
    }

    private static void load(String name, Shape shape, long messages) throws Exception {
        try (Peer peer = Peers.runnable(name, shape.protocol())) {
            load(peer.start(0, 1, BUFFER), shape, messages);
        }
    }

    private static void load(int port, Shape shape, long messages) throws IOException {
        try (LoadGenerator generator = new LoadGenerator(port, shape, LoadGenerator.PATIENCE)) {
            generator.run(messages);
        }
    }

    private static byte[] message(Protocol protocol, int payload) {
        ByteBuffer message = ByteBuffer.allocate(protocol.bytes(payload));
        protocol.fill(message, payload);
        return message.array();
    }

    /**
     * Connects three clients in turn. The first gets an echo and the end of the stream. The second gets an echo and
     * resets the connection. The third closes within a message.
     */
    private static void comeAndGo(int port, Protocol protocol, byte[] message) throws IOException {
        try (Socket socket = connect(port, protocol)) {
            exchange(socket, message);
            socket.shutdownOutput();
            assertEquals(-1, socket.getInputStream().read());
        }
        try (Socket socket = connect(port, protocol)) {
            exchange(socket, message);
            socket.setSoLinger(true, 0);
        }
        try (Socket socket = connect(port, protocol)) {
            socket.getOutputStream().write(message, 0, 3);
        }
    }

    private static Socket connect(int port, Protocol protocol) throws IOException {
        Socket socket = protocol.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static void exchange(Socket socket, byte[] message) throws IOException {
        socket.getOutputStream().write(message);
        byte[] echo = new byte[message.length];
        new DataInputStream(socket.getInputStream()).readFully(echo);
        assertArrayEquals(message, echo);
    }

    private static void writeInPieces(Socket socket, byte[] bytes, SplittableRandom random) {
        try {
            OutputStream out = socket.getOutputStream();
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(bytes.length - at, 1 << random.nextInt(16));
                out.write(bytes, at, length);
                at += length;
            }
        } catch (IOException e) {
            throw new AssertionError("a write failed", e);
        }
    }

    /** Returns true if the connection ends, by the end of the stream or by a reset. */
    private static boolean ends(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean refuses(int port) {
        try {
            connect(port, Protocol.ECHO).close();
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static long count(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, "it does not come true");
            LockSupport.parkNanos(1_000_000);
        }
    }
}

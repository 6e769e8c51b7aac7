package io.github.futuresockets.bench.compare;

import io.github.futuresockets.bench.load.LoadGenerator;
import io.github.futuresockets.bench.load.Shape;
import io.github.futuresockets.bench.peer.Protocol;
import io.github.futuresockets.bench.result.IdleResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The memory of a server JVM for each idle connection, beyond the memory that the first connections take. */
public final class IdleMeasurement {
    /** The number of connections before the first reading of the memory. */
    private static final int FIRST = 100;
    /** The bytes of an echoed line, including the line feed. */
    public static final int LINE = 64;

    private IdleMeasurement() {}

    public static IdleResult of(ServerJvm server, Shape shape) throws IOException {
        List<Socket> open = new ArrayList<>();
        try (JvmMemory memory = new JvmMemory(server.pid())) {
            speak(open, server.port(), shape.protocol(), FIRST);
            long heap = memory.liveHeap();
            long direct = memory.direct();
            speak(open, server.port(), shape.protocol(), shape.connections());
            double count = shape.connections();
            return new IdleResult((memory.liveHeap() - heap) / count, (memory.direct() - direct) / count);
        } finally {
            for (Socket each : open) {
                each.close();
            }
        }
    }

    /** Opens {@code count} more connections, and checks the echo of a line on each connection. */
    private static void speak(List<Socket> open, int port, Protocol protocol, int count) throws IOException {
        byte[] line = new byte[LINE];
        Arrays.fill(line, (byte) 'x');
        line[LINE - 1] = '\n';
        for (int i = 0; i < count; i++) {
            Socket socket = protocol.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            open.add(socket);
            socket.setSoTimeout((int) LoadGenerator.PATIENCE.toMillis());
            socket.getOutputStream().write(line);
            if (!Arrays.equals(line, socket.getInputStream().readNBytes(LINE))) {
                throw new IOException("the echo on " + socket + " is not what was sent");
            }
        }
    }
}

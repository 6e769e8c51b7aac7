package io.github.futuresockets.loop.programs;

import io.github.futuresockets.loop.LoopChannelProvider;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Arrays;

/** Helpers of the programs for output, and for blocking clients. */
final class Programs {
    private Programs() {}

    /** Prints whether {@link LoopChannelProvider} is the default provider of the JVM. */
    static void sayProvider() {
        boolean ours = AsynchronousChannelProvider.provider() instanceof LoopChannelProvider;
        say(ours ? "our provider" : "another provider");
    }

    /** Prints a line of the output. The test compares the output. */
    static void say(String line) {
        System.out.println(line);
    }

    /** Returns bytes without a short period. So a comparison detects a lost or repeated part. */
    static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (31 * i ^ i >> 8 ^ i >> 16);
        }
        return bytes;
    }

    /** Connects with a small receive buffer. A paused reader soon blocks the writes of the server. */
    static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(16 * 1024);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    /** Reads as many bytes as {@code wanted} has, compares the bytes, and returns their number. */
    static int expect(byte[] wanted, InputStream in) throws IOException {
        byte[] got = in.readNBytes(wanted.length);
        if (got.length < wanted.length) {
            throw new EOFException("the end after " + got.length + " of " + wanted.length + " bytes");
        }
        int different = Arrays.mismatch(wanted, got);
        if (different >= 0) {
            throw new IOException("byte " + different + " of " + wanted.length + " is another one");
        }
        return got.length;
    }
}

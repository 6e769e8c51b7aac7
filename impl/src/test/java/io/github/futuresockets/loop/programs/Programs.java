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

/** Helpers of the programs: what they say, and a blocking client. */
final class Programs {
    private Programs() {}

    /** Says whose channels this JVM has. */
    static void sayProvider() {
        boolean ours = AsynchronousChannelProvider.provider() instanceof LoopChannelProvider;
        say(ours ? "our provider" : "another provider");
    }

    static void say(String line) {
        System.out.println(line);
    }

    /** Bytes that differ from one place to the next, of which a part that is lost, torn or doubled shows. */
    static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (31 * i ^ i >> 8 ^ i >> 16);
        }
        return bytes;
    }

    /** A connection whose receive buffer is small, so that a reader that pauses stops the server soon. */
    static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(16 * 1024);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    /** Reads as many bytes as there are in {@code wanted}, and compares them. */
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

package io.github.futuresockets.loop.programs;

import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Installed;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.smartboot.socket.MessageProcessor;
import org.smartboot.socket.Protocol;
import org.smartboot.socket.transport.AioQuickClient;
import org.smartboot.socket.transport.AioQuickServer;
import org.smartboot.socket.transport.AioSession;

/**
 * A program with a server and clients of smart-socket, in groups of four threads. A write inside a handler waits until
 * the peer has read, so a slow reader holds a thread.
 */
public final class SmartSocketProgram {
    private static final int READ_BUFFER = 16_384;
    private static final int ASK_FOR_MUCH = -1;
    private static final byte[] LARGE = Programs.pattern(16 << 20);

    private SmartSocketProgram() {}

    /** Runs the program. */
    public static void main(String[] arguments) throws Exception {
        Programs.sayProvider();
        int port = Installed.freePort();
        AioQuickServer server =
                new AioQuickServer("127.0.0.1", port, SmartSocketProgram::decode, SmartSocketProgram::answer);
        server.setBannerEnabled(false);
        server.setReadBufferSize(READ_BUFFER);
        server.setWriteBuffer(4096, 4);
        server.start(AsynchronousChannelGroup.withFixedThreadPool(4, Thread::new));
        try (Socket slow = Programs.connect(port)) {
            slow.getOutputStream()
                    .write(ByteBuffer.allocate(4).putInt(ASK_FOR_MUCH).array());
            DataInputStream in = new DataInputStream(slow.getInputStream());
            int length = in.readInt();
            Programs.say("others: 4 clients, " + others(port, 4, 200) + " answers");
            if (length != LARGE.length) {
                throw new IOException("the length is " + length);
            }
            Programs.say("slow reader: " + Programs.expect(LARGE, in) + " bytes");
        }
        System.exit(0);
    }

    /**
     * Decodes a message with a length prefix of four bytes. The length {@link #ASK_FOR_MUCH} has no body, and requests
     * a large answer.
     *
     * @return the message to answer with, or null if the message is incomplete
     */
    private static byte[] decode(ByteBuffer buffer, AioSession session) {
        if (buffer.remaining() < 4) {
            return null;
        }
        int length = buffer.getInt(buffer.position());
        int body = Math.max(0, length);
        if (buffer.remaining() < 4 + body) {
            return null;
        }
        buffer.getInt();
        byte[] message = length == ASK_FOR_MUCH ? LARGE : new byte[body];
        if (length != ASK_FOR_MUCH) {
            buffer.get(message);
        }
        return message;
    }

    /** Writes a message with a length prefix. */
    private static void answer(AioSession session, byte[] message) {
        try {
            session.writeBuffer().writeInt(message.length);
            session.writeBuffer().write(message);
            session.writeBuffer().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs clients that send messages one after the other and compare the echoes. Returns the number of echoes. */
    private static int others(int port, int clients, int rounds) throws Exception {
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withFixedThreadPool(4, Thread::new);
        int answers = 0;
        for (int i = 0; i < clients; i++) {
            BlockingQueue<byte[]> got = new LinkedBlockingQueue<>();
            Protocol<byte[]> protocol = SmartSocketProgram::decode;
            MessageProcessor<byte[]> keep = (session, message) -> got.add(message);
            AioQuickClient client = new AioQuickClient("127.0.0.1", port, protocol, keep);
            client.setReadBufferSize(READ_BUFFER);
            client.setWriteBuffer(8192, 16);
            AioSession session = client.start(group);
            for (int round = 0; round < rounds; round++) {
                byte[] message = Programs.pattern(1 + 37 * round);
                answer(session, message);
                byte[] answer = got.poll(Await.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                if (answer == null) {
                    throw new IOException("client " + i + " got no answer in round " + round);
                }
                if (!Arrays.equals(message, answer)) {
                    throw new IOException("client " + i + " got another answer in round " + round);
                }
                answers++;
            }
            client.shutdown();
        }
        group.shutdown();
        return answers;
    }
}

package io.github.futuresockets.impl.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.memory.MemoryLoop;
import io.github.futuresockets.impl.support.Seeds;
import io.github.futuresockets.impl.support.TestCertificates;
import io.github.futuresockets.impl.tls.RecordDecoder.Step;
import io.github.futuresockets.impl.transport.BufferPool;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** The two halves of TLS with engines of the JDK. The tests pass the bytes between two ends, without I/O. */
class TlsRealEngineTest {
    private static final String[] PROTOCOLS = {"TLSv1.2", "TLSv1.3"};

    private final Random random = Seeds.random("pieces");
    private final BufferPool chunks = new MemoryLoop(Supplies.Memory.JVM).chunks();

    /** An end of a connection. */
    private final class End {
        final SSLEngine engine;
        final RecordDecoder reading;
        final RecordEncoder writing;
        final HandshakeStep handshake;
        final ByteArrayOutputStream sent = new ByteArrayOutputStream();
        final ByteArrayOutputStream got = new ByteArrayOutputStream();
        private byte[] all = new byte[0];
        int arrived;
        boolean open;

        End(TlsOptions options) {
            engine = TlsEngines.of(options.settings(), "localhost", 1);
            reading = new RecordDecoder(engine, chunks);
            writing = new RecordEncoder(engine, chunks);
            handshake = new HandshakeStep(engine, reading);
        }

        void send() {
            while (writing.out().hasRemaining()) {
                sent.write(writing.out().get());
            }
            writing.release();
        }

        /** Receives a piece of the bytes that the other end has sent. Returns false if there are none. */
        boolean receive(End from, int most) {
            byte[] all = from.allSent();
            int count = Math.min(1 + random.nextInt(most), all.length - arrived);
            if (count > 0) {
                reading.add(chunks.acquire(count).put(all, arrived, count).flip());
                arrived += count;
            }
            return count > 0;
        }

        private byte[] allSent() {
            if (sent.size() != all.length) {
                all = sent.toByteArray();
            }
            return all;
        }

        /** Continues the handshake until the handshake is complete or needs more bytes. */
        void shake(End other, int most) throws SSLException {
            while (!open) {
                switch (handshake.next()) {
                    case WRITE:
                        writing.wrap(RecordWriter.FLUSH);
                        send();
                        break;
                    case TASKS:
                        engine.getDelegatedTask().run();
                        break;
                    case READ:
                        if (!receive(other, most)) {
                            return;
                        }
                        break;
                    default:
                        open = true;
                        reading.open();
                }
            }
        }

        void write(byte[] bytes) throws SSLException {
            for (ByteBuffer rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); send()) {
                writing.wrap(rest);
            }
        }

        Step read(End from, int most) throws SSLException {
            while (true) {
                Step step = reading.step();
                if (reading.takeResponsesDue() > 0) {
                    writing.wrap(RecordWriter.FLUSH);
                    send();
                }
                if (step == Step.DATA) {
                    ByteBuffer bytes = reading.take(BufferPool.LARGE);
                    while (bytes.hasRemaining()) {
                        got.write(bytes.get());
                    }
                    chunks.release(bytes);
                } else if (step != Step.MORE || !receive(from, most)) {
                    return step;
                }
            }
        }
    }

    private End client;
    private End server;

    private void shakeHands(String protocol, int most) throws SSLException {
        client = new End(TlsOptions.client().context(TestCertificates.client()).protocols(protocol));
        server = new End(TlsOptions.server(TestCertificates.server()).protocols(protocol));
        while (!client.open || !server.open) {
            client.shake(server, most);
            server.shake(client, most);
        }
    }

    @Test
    void write_piecesOfAnySize_isReadByOtherEnd() throws SSLException {
        for (String protocol : PROTOCOLS) {
            for (int most : new int[] {1, 100, BufferPool.LARGE}) {
                shakeHands(protocol, most);
                byte[] request = new byte[most == 1 ? 20_000 : 1 << 20];
                random.nextBytes(request);
                client.write(request);
                server.write(new byte[] {1, 2, 3});
                assertEquals(Step.MORE, server.read(client, most));
                assertEquals(Step.MORE, client.read(server, most));
                assertArrayEquals(request, server.got.toByteArray());
                assertArrayEquals(new byte[] {1, 2, 3}, client.got.toByteArray());
            }
        }
    }

    @Test
    void tls13_oneEndMayEndAndTheOtherGoesOn() throws SSLException {
        shakeHands("TLSv1.3", 1000);
        client.writing.end();
        client.send();
        assertEquals(Step.END, server.read(client, 1000));
        server.write(new byte[100_000]);
        assertEquals(Step.MORE, client.read(server, 1000));
        assertEquals(100_000, client.got.size());
        server.writing.end();
        server.send();
        assertEquals(Step.END, client.read(server, 1000));
    }

    @Test
    void tls12_theEndOfOneIsTheEndOfBoth() throws SSLException {
        shakeHands("TLSv1.2", 1000);
        client.writing.end();
        client.send();
        assertEquals(Step.END, server.read(client, 1000));
        assertEquals(Step.END, client.read(server, 1000));
        SSLException refused = assertThrows(SSLException.class, () -> server.write(new byte[1]));
        assertTrue(refused.getMessage().contains("half-close"), refused.getMessage());
    }

    @Test
    void renegotiation_startedByClient_isRefused() throws SSLException {
        shakeHands("TLSv1.2", 1000);
        client.engine.beginHandshake();
        client.writing.wrap(RecordWriter.FLUSH);
        client.send();
        SSLException refused = assertThrows(SSLException.class, () -> server.read(client, 1000));
        assertTrue(refused.getMessage().contains("renegotiate"), refused.getMessage());
    }

    @Test
    void read_byteChangedInTransit_fails() throws SSLException {
        for (String protocol : PROTOCOLS) {
            shakeHands(protocol, 1000);
            client.write(new byte[100]);
            byte[] all = client.sent.toByteArray();
            all[all.length - 1] ^= 1;
            client.sent.reset();
            client.all = all;
            client.sent.writeBytes(all);
            assertThrows(SSLException.class, () -> server.read(client, 1000));
            assertEquals(0, server.got.size());
        }
    }

    @Test
    void connection_idle_holdsNoBuffer() throws SSLException {
        for (String protocol : PROTOCOLS) {
            shakeHands(protocol, BufferPool.LARGE);
            client.write(new byte[100]);
            server.read(client, BufferPool.LARGE);
            assertEquals(0, server.writing.out().capacity());
            assertEquals(0, client.writing.out().capacity());
        }
    }
}

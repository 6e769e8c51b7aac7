package io.github.futuresockets.impl.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSocketPair;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.codec.FrameTooLongException;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link Memcached}, with the bytes of the protocol and with client and server together. */
class MemcachedTest {
    private AsyncSockets sockets;
    private AsyncServerSocket server;

    @BeforeEach
    void open() throws IOException {
        sockets = AsyncSockets.builder().threads(2).build();
        server = sockets.listen("localhost", 0);
        new Memcached.Server().serve(server);
    }

    @AfterEach
    void close() {
        sockets.close();
    }

    private AsyncSocket connected() {
        return Await.value(sockets.connect(server.localAddress()));
    }

    private Memcached.Client client() {
        return Memcached.Client.over(connected());
    }

    private void expect(String replies, String commands) {
        try (AsyncSocket socket = connected()) {
            socket.write(commands);
            socket.shutdownOutput();
            assertEquals(
                    replies, UTF_8.decode(Await.value(socket.readAll(1 << 20))).toString());
        }
    }

    @Test
    void serve_everyCommand_sendsRepliesOfProtocol() {
        expect("STORED\r\n", "set key 7 0 7\r\na\r\nb\r\nc\r\n");
        expect("VALUE key 7 7\r\na\r\nb\r\nc\r\nEND\r\n", "get key\r\n");
        expect(
                "STORED\r\nVALUE a 0 0\r\n\r\nVALUE key 7 7\r\na\r\nb\r\nc\r\nEND\r\n",
                "set a 0 0 0\r\n\r\nget a b key\r\n");
        expect("DELETED\r\nNOT_FOUND\r\nEND\r\n", "delete key\r\ndelete key\r\nget key\r\n");
        expect("ERROR\r\nERROR\r\nERROR\r\nEND\r\n", "\r\nset a\r\nVALUE a 0 1\r\nx\r\nget no\r\n");
    }

    @Test
    void client_values_areStoredAndDeleted() {
        byte[] large = Seeds.bytes("memcached", 1 << 20);
        try (Memcached.Client client = client()) {
            assertNull(Await.value(client.get("key")));
            Await.value(client.set("key", large));
            assertArrayEquals(large, Await.value(client.get("key")));
            assertTrue(Await.value(client.delete("key")));
            assertFalse(Await.value(client.delete("key")));
            Await.failure(IOException.class, client.get("two words"));
            Await.failure(IOException.class, client.get("key 0 0 1"));
            Await.failure(IOException.class, client.get("key\r\ndelete"));
        }
    }

    @Test
    void client_callsPipelined_eachGetsOwnReply() {
        try (Memcached.Client client = client()) {
            List<CompletableFuture<byte[]>> values = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                client.set("key" + i, ("value " + i).getBytes(UTF_8));
                values.add(client.get("key" + i));
            }
            for (int i = 0; i < 500; i++) {
                assertEquals("value " + i, new String(Await.value(values.get(i)), UTF_8));
            }
        }
    }

    @Test
    void serve_moreThanThousandValues_dropsLeastUsed() {
        try (Memcached.Client client = client()) {
            for (int i = 0; i < 1_000; i++) {
                Await.value(client.set("key" + i, new byte[0]));
            }
            Await.value(client.get("key0"));
            Await.value(client.set("more", new byte[0]));
            assertEquals(0, Await.value(client.get("key0")).length);
            assertNull(Await.value(client.get("key1")));
        }
    }

    @Test
    void get_replyArrivesByteByByte_isDecoded() {
        FaultPlan single = FaultPlan.NONE.splitReads(1);
        try (AsyncSocketPair pair = AsyncSocketPair.inMemory(single, single);
                Memcached.Client client = Memcached.Client.over(pair.left())) {
            CompletableFuture<byte[]> value = client.get("key");
            CompletableFuture<byte[]> other = client.get("other");
            CompletableFuture<byte[]> failed = client.get("failed");
            pair.right().write("VALUE key 0 6\r\nEND\r\n!\r\nEND\r\nEND\r\nSERVER_ERROR out of memory\r\n");
            assertEquals("END\r\n!", new String(Await.value(value), UTF_8));
            assertNull(Await.value(other));
            assertEquals(
                    "SERVER_ERROR out of memory",
                    Await.failure(IOException.class, failed).getMessage());
            CompletableFuture<byte[]> large = client.get("key");
            pair.right().write("VALUE key 0 1048577\r\n");
            Await.failure(FrameTooLongException.class, large);
        }
    }
}

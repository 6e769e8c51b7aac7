package io.github.futuresockets.impl.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSocketPair;
import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.codec.FrameTooLongException;
import io.github.futuresockets.impl.examples.Postgres.Message;
import io.github.futuresockets.impl.support.Await;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@link Postgres} with a server that the test plays, over a connection that gives one byte at a time. */
class PostgresTest {
    private static final FaultPlan SINGLE = FaultPlan.NONE.splitReads(1);
    private static final String READY = "Z\0\0\0\5I";

    private final AsyncSocketPair pair = AsyncSocketPair.inMemory(SINGLE, SINGLE);
    private final AsyncSocket server = pair.right();
    private final List<List<String>> rows = new ArrayList<>();

    @AfterEach
    void close() {
        pair.close();
    }

    private CompletableFuture<Postgres> connecting() {
        CompletableFuture<Postgres> client = Postgres.connect(pair.left(), "ann", "shop");
        expect("\0\0\0\40\0\3\0\0user\0ann\0database\0shop\0\0");
        return client;
    }

    private Postgres connected() {
        CompletableFuture<Postgres> client = connecting();
        send(frame('R', "\0\0\0\0") + frame('S', "a\0b\0") + frame('K', "\0\0\0\1\0\0\0\2") + READY);
        return Await.value(client);
    }

    private void expect(String bytes) {
        ByteBuffer read = Await.value(server.readExactly(bytes.length()));
        assertEquals(bytes, ISO_8859_1.decode(read).toString());
    }

    private void send(String bytes) {
        server.write(bytes.getBytes(ISO_8859_1));
    }

    private static String frame(char type, String content) {
        return type + "\0\0\0" + (char) (content.length() + 4) + content;
    }

    @Test
    void query_rows_arePassedInOrder() {
        Postgres client = connected();
        CompletableFuture<Void> done = client.query("SELECT 1", rows::add);
        expect("Q\0\0\0\15SELECT 1\0");
        send(frame('T', "\0\0"));
        send(frame('D', "\0\2\0\0\0\1" + "1\377\377\377\377"));
        send(frame('D', "\0\2\0\0\0\0\0\0\0\2\303\241"));
        send(frame('C', "SELECT 2\0") + READY);
        Await.value(done);
        assertEquals(List.of(Arrays.asList("1", null), List.of("", "á")), rows);
        client.close();
        expect("X\0\0\0\4");
    }

    @Test
    void query_errorOfServer_failsAndConnectionStaysUsable() {
        Postgres client = connected();
        CompletableFuture<Void> failed = client.query("SELEC", rows::add);
        send(frame('E', "SERROR\0C42601\0Msyntax error\0\0") + READY);
        assertEquals(
                "SERROR, C42601, Msyntax error",
                Await.failure(IOException.class, failed).getMessage());
        CompletableFuture<Void> done = client.query("SELECT", rows::add);
        send(READY);
        Await.value(done);
    }

    @Test
    void connect_refused_failsWithErrorOfServer() {
        CompletableFuture<Postgres> client = connecting();
        send(frame('E', "SFATAL\0Mno such user\0\0"));
        server.close();
        assertEquals(
                "SFATAL, Mno such user",
                Await.failure(IOException.class, client).getMessage());
    }

    @Test
    void connect_serverWantsPassword_fails() {
        CompletableFuture<Postgres> client = connecting();
        send("R\0\0\0\10\0\0\0\3");
        IOException failure = Await.failure(IOException.class, client);
        assertTrue(failure.getMessage().contains("password"), failure::toString);
    }

    @Test
    void query_serverEnds_fails() {
        CompletableFuture<Void> query = connected().query("SELECT", rows::add);
        send("D\0\0");
        server.close();
        Await.failure(IncompleteReadException.class, query);
    }

    @Test
    void query_badMessages_fail() {
        Postgres client = connected();
        send("D\0\0\0\12\0\1\0\0\0\5");
        Await.failure(ProtocolException.class, client.query("SELECT", rows::add));
        assertEquals(11, Await.value(pair.left().readExactly(11)).remaining());
        send("D\0\0\0\3");
        Await.failure(ProtocolException.class, client.query("SELECT", rows::add));
        Await.value(pair.left().readExactly(5));
        send("D\100\0\0\0");
        Await.failure(FrameTooLongException.class, client.query("SELECT", rows::add));
    }

    @Test
    void codec_message_isDecodedAsEncoded() {
        Message message = new Message('d', UTF_8.encode("content"));
        server.writeMessage(message, Postgres.CODEC);
        assertEquals(message, Await.value(pair.left().expectMessage(Postgres.CODEC)));
    }
}

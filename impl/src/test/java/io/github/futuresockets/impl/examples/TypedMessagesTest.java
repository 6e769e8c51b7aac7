package io.github.futuresockets.impl.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.examples.TypedMessages.Message;
import io.github.futuresockets.impl.stress.ConnectionPair;
import io.github.futuresockets.impl.support.Await;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** {@link TypedMessages} with whole, partial and unknown messages. */
class TypedMessagesTest {
    private static final byte[] STREAM = "C\0\0\1\2PPK0123456789abcdefP".getBytes(UTF_8);

    private static void expect(char type, String content, CompletableFuture<Message> read) {
        Message message = Await.value(read);
        assertEquals(type, message.type());
        assertArrayEquals(content.getBytes(UTF_8), message.content());
    }

    private static void expectAll(ConnectionPair link) {
        expect('C', "\0\0\1\2", link.near().readMessage(TypedMessages.DECODER));
        expect('P', "", link.near().readMessage(TypedMessages.DECODER));
        expect('P', "", link.near().readMessage(TypedMessages.DECODER));
        expect('K', "0123456789abcdef", link.near().readMessage(TypedMessages.DECODER));
        expect('P', "", link.near().readMessage(TypedMessages.DECODER));
    }

    @Test
    void readMessage_lengthGivenByType_readsEachMessage() {
        try (AsyncSockets sockets = AsyncSockets.builder().threads(1).build();
                ConnectionPair link = ConnectionPair.open(sockets)) {
            link.far().send(STREAM);
            expectAll(link);
            link.far().send((byte) 'C', (byte) 7);
            CompletableFuture<Message> counter = link.near().readMessage(TypedMessages.DECODER);
            Await.until("the first bytes", () -> link.near().buffered() == 2);
            link.far().send((byte) 7, (byte) 7, (byte) 7).end();
            expect('C', "\7\7\7\7", counter);
            assertNull(Await.value(link.near().readMessage(TypedMessages.DECODER)));
        }
    }

    @Test
    void readMessage_unknownType_failsAndKeepsBytes() {
        try (AsyncSockets sockets = AsyncSockets.builder().threads(1).build();
                ConnectionPair link = ConnectionPair.open(sockets)) {
            link.far().send("?what".getBytes(UTF_8));
            Await.failure(ProtocolException.class, link.near().readMessage(TypedMessages.DECODER));
            assertEquals(
                    ByteBuffer.wrap("?what".getBytes(UTF_8)),
                    Await.value(link.near().readExactly(5)));
        }
    }
}

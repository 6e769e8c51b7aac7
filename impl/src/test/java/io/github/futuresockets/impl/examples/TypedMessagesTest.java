package io.github.futuresockets.impl.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.stress.ConnectionPair;
import io.github.futuresockets.impl.support.Await;
import java.net.ProtocolException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** {@link TypedMessages} with whole, partial and unknown messages. */
class TypedMessagesTest {
    private static final byte[] STREAM = "C\0\0\1\2PPK0123456789abcdefP".getBytes(UTF_8);

    private static void expect(TypedMessages expected, ConnectionPair link) {
        assertEquals(expected, Await.value(link.near().expectMessage(TypedMessages.DECODER)));
    }

    @Test
    void readMessage_contentGivenByType_readsEachMessage() {
        try (AsyncSockets sockets = AsyncSockets.builder().threads(1).build();
                ConnectionPair link = ConnectionPair.open(sockets)) {
            link.far().send(STREAM);
            expect(new TypedMessages.Counter(0x102), link);
            expect(new TypedMessages.Ping(), link);
            expect(new TypedMessages.Ping(), link);
            expect(new TypedMessages.Key(UTF_8.encode("0123456789abcdef")), link);
            expect(new TypedMessages.Ping(), link);
            link.far().send((byte) 'C', (byte) 7);
            CompletableFuture<TypedMessages> counter = link.near().readMessage(TypedMessages.DECODER);
            Await.until("the first bytes", () -> link.near().buffered() == 2);
            link.far().send((byte) 7, (byte) 7, (byte) 7).end();
            assertEquals(new TypedMessages.Counter(0x7070707), Await.value(counter));
            assertNull(Await.value(link.near().readMessage(TypedMessages.DECODER)));
        }
    }

    @Test
    void readMessage_unknownType_failsAndKeepsBytes() {
        try (AsyncSockets sockets = AsyncSockets.builder().threads(1).build();
                ConnectionPair link = ConnectionPair.open(sockets)) {
            link.far().send("?what".getBytes(UTF_8));
            Await.failure(ProtocolException.class, link.near().readMessage(TypedMessages.DECODER));
            assertEquals(UTF_8.encode("?what"), Await.value(link.near().readExactly(5)));
        }
    }
}

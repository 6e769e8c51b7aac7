package io.github.futuresockets.impl.examples;

import static io.github.futuresockets.impl.examples.Mqtt.CONNACK;
import static io.github.futuresockets.impl.examples.Mqtt.NONE;
import static io.github.futuresockets.impl.examples.Mqtt.PUBACK;
import static io.github.futuresockets.impl.examples.Mqtt.PUBLISH;
import static io.github.futuresockets.impl.examples.Mqtt.QUALITY_1;
import static io.github.futuresockets.impl.examples.Mqtt.SUBACK;
import static io.github.futuresockets.impl.examples.Mqtt.SUBSCRIBE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSocketPair;
import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.impl.examples.Mqtt.Packet;
import io.github.futuresockets.impl.support.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@link Mqtt} with a broker that the test plays, over a connection that gives one byte at a time. */
class MqttTest {
    private static final FaultPlan SINGLE = FaultPlan.NONE.splitReads(1);

    private final AsyncSocketPair pair = AsyncSocketPair.inMemory(SINGLE, SINGLE);
    private final AsyncSocket broker = pair.right();
    private final List<String> messages = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        pair.close();
    }

    private CompletableFuture<Mqtt> connecting() {
        return Mqtt.connect(pair.left(), "ann", (topic, text) -> messages.add(topic + ": " + text));
    }

    private Mqtt connected() {
        CompletableFuture<Mqtt> client = connecting();
        expect("\20\17\0\4MQTT\4\2\0\0\0\3ann");
        send(" \2\0\0");
        return Await.value(client);
    }

    private void expect(String bytes) {
        ByteBuffer read = Await.value(broker.readExactly(bytes.length()));
        assertEquals(bytes, ISO_8859_1.decode(read).toString());
    }

    private void send(String bytes) {
        broker.write(bytes.getBytes(ISO_8859_1));
    }

    private Packet next() {
        return Await.value(broker.expectMessage(Mqtt.CODEC));
    }

    @Test
    void codec_everyPacket_hasBytesOfProtocol() throws IOException {
        Mqtt client = connected();
        client.tell("a/b", "hi");
        expect("0\7\0\3a/bhi");
        CompletableFuture<Void> published = client.publish("a/b", "hi");
        expect("2\11\0\3a/b\0\1hi");
        assertFalse(published.isDone());
        send("@\2\0\1");
        Await.value(published);
        CompletableFuture<Void> subscribed = client.subscribe("a/#");
        expect("\u0082\10\0\2\0\3a/#\1");
        send("\u0090\3\0\2\1");
        Await.value(subscribed);
        String text = "x".repeat(200);
        client.tell("a", text);
        expect("0\u00cb\1\0\1a" + text);
    }

    @Test
    void publish_acknowledgedInAnyOrder_completesByPacketId() {
        Mqtt client = connected();
        CompletableFuture<Void> one = client.publish("a", "one");
        CompletableFuture<Void> two = client.publish("a", "two");
        CompletableFuture<Void> subscribed = client.subscribe("b");
        int first = next().id();
        int second = next().id();
        Packet third = next();
        assertEquals(new Packet(SUBSCRIBE, "b", third.id(), ByteBuffer.wrap(new byte[] {1})), third);
        broker.writeMessage(new Packet(SUBACK, "", third.id(), ByteBuffer.wrap(new byte[] {1})), Mqtt.CODEC);
        Await.value(subscribed);
        broker.writeMessage(new Packet(PUBACK, "", second, NONE), Mqtt.CODEC);
        Await.value(two);
        assertFalse(one.isDone());
        broker.writeMessage(new Packet(PUBACK, "", first, NONE), Mqtt.CODEC);
        Await.value(one);
    }

    @Test
    void publication_ofBroker_reachesHandlerAndIsAcknowledged() {
        Mqtt client = connected();
        CompletableFuture<Void> published = client.publish("a", "mine");
        int id = next().id();
        broker.writeMessage(new Packet(PUBLISH, "news", 0, UTF_8.encode("0")), Mqtt.CODEC);
        broker.writeMessage(new Packet(PUBLISH | QUALITY_1, "news", id, UTF_8.encode("1")), Mqtt.CODEC);
        assertEquals(new Packet(PUBACK, "", id, NONE), next());
        assertEquals(List.of("news: 0", "news: 1"), messages);
        assertFalse(published.isDone(), "the id of the broker is another id");
        broker.writeMessage(new Packet(PUBACK, "", id, NONE), Mqtt.CODEC);
        Await.value(published);
    }

    @Test
    void packet_unknownOrAcknowledgedTwice_isIgnored() {
        Mqtt client = connected();
        send("@\2\0\7\u00d0\0");
        CompletableFuture<Void> published = client.publish("a", "b");
        int id = next().id();
        broker.writeMessage(new Packet(PUBACK, "", id, NONE), Mqtt.CODEC);
        Await.value(published);
        client.tell("a", "next");
        assertEquals(PUBLISH, next().head());
        assertEquals(List.of(), messages);
    }

    @Test
    void publish_moreThan65535_reusesIds() {
        Mqtt client = connected();
        client.ids().set(65_534);
        for (int id : new int[] {65_535, 1}) {
            CompletableFuture<Void> published = client.publish("a", "b");
            assertEquals(id, next().id());
            broker.writeMessage(new Packet(PUBACK, "", id, NONE), Mqtt.CODEC);
            Await.value(published);
        }
    }

    @Test
    void broker_refuses_failsTheCall() {
        CompletableFuture<Mqtt> refused = connecting();
        broker.writeMessage(new Packet(CONNACK, "", 0, ByteBuffer.wrap(new byte[] {0, 5})), Mqtt.CODEC);
        assertTrue(Await.failure(IOException.class, refused).getMessage().contains("refuses"));
    }

    @Test
    void subscribe_refusedOrUnanswered_fails() {
        Mqtt client = connected();
        CompletableFuture<Void> refused = client.subscribe("secret");
        int id = next().id();
        broker.writeMessage(new Packet(SUBACK, "", id, ByteBuffer.wrap(new byte[] {-128})), Mqtt.CODEC);
        assertEquals(
                "the broker refuses secret",
                Await.failure(IOException.class, refused).getMessage());
        CompletableFuture<Void> unanswered = client.subscribe("a");
        broker.close();
        Await.failure(IncompleteReadException.class, unanswered);
    }
}

package io.github.futuresockets.impl.examples;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.Requests;
import io.github.futuresockets.codec.Codec;
import io.github.futuresockets.codec.Codecs;
import io.github.futuresockets.codec.Decoders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A client of MQTT 3.1.1, with the qualities of service 0 and 1. Any thread may call. */
record Mqtt(AsyncSocket socket, Requests<Mqtt.Packet, Mqtt.Packet> requests, AtomicInteger ids)
        implements AutoCloseable {
    /** The first bytes of packets. The lower four bits are flags. */
    static final int CONNECT = 0x10, CONNACK = 0x20, PUBLISH = 0x30, PUBACK = 0x40, SUBSCRIBE = 0x82, SUBACK = 0x90;

    /** The flag of quality 1 in a PUBLISH packet. */
    static final int QUALITY_1 = 2;

    static final ByteBuffer NONE = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private static final Codec<String> TEXT = Codecs.lengthPrefixed(2, BIG_ENDIAN, 65_535)
            .map(bytes -> UTF_8.decode(bytes).toString(), UTF_8::encode);

    private static final Codec<ByteBuffer> CONTENT = Codecs.varintPrefixed(60_000);

    /** A packet. The topic of a packet without a topic is empty, and the id of a packet without an id is 0. */
    record Packet(int head, String topic, int id, ByteBuffer rest) {
        boolean isPublication() {
            return (head & 0xf0) == PUBLISH;
        }

        /** Returns the id of an acknowledgement. The id of a publication is an id of the broker, and not of a call. */
        Integer idOfReply() {
            return isPublication() ? null : id;
        }
    }

    static final Codec<Packet> CODEC =
            Codec.of(Codecs.int8().then(head -> CONTENT.map(content -> decode(head & 0xff, content))), Mqtt::encode);

    /** Decodes the parts of a packet in the order of the packet. An id is an unsigned number of two bytes. */
    private static Packet decode(int head, ByteBuffer in) throws IOException {
        return switch (head & 0xf0) {
            case PUBLISH -> new Packet(head, text(in), (head & QUALITY_1) == 0 ? 0 : in.getChar(), in.slice());
            case PUBACK, SUBACK -> new Packet(head, "", in.getChar(), in.slice());
            case SUBSCRIBE & 0xf0 -> {
                int id = in.getChar();
                yield new Packet(head, text(in), id, in.slice());
            }
            default -> new Packet(head, "", 0, in);
        };
    }

    private static String text(ByteBuffer in) throws IOException {
        return Decoders.complete(TEXT.decode(in, 0));
    }

    private static ByteBuffer encode(Packet packet) throws IOException {
        ByteBuffer topic = packet.topic().isEmpty() ? NONE : TEXT.encode(packet.topic());
        ByteBuffer id = packet.id() == 0 ? NONE : ByteBuffer.allocate(2).putShort(0, (short) packet.id());
        ByteBuffer content =
                packet.head() == SUBSCRIBE ? join(id, topic, packet.rest()) : join(topic, id, packet.rest());
        return join(bytes(packet.head()), CONTENT.encode(content));
    }

    /** Connects to a broker, and passes each publication for this client to {@code messages}, with topic and text. */
    static CompletableFuture<Mqtt> connect(AsyncSocket socket, String client, BiConsumer<String, String> messages) {
        socket.writeMessage(
                client, name -> encode(new Packet(CONNECT, "MQTT", 0, join(bytes(4, 2, 0, 0), TEXT.encode(name)))));
        return socket.expectMessage(CODEC)
                .thenCompose(reply -> reply.head() == CONNACK && reply.rest().get(1) == 0
                        ? completedFuture(over(socket, messages))
                        : failedFuture(new IOException("the broker refuses the connection: " + reply)));
    }

    private static Mqtt over(AsyncSocket socket, BiConsumer<String, String> messages) {
        Consumer<Packet> unsolicited = packet -> {
            if (packet.isPublication()) {
                messages.accept(packet.topic(), UTF_8.decode(packet.rest()).toString());
                if (packet.id() != 0) {
                    socket.writeMessage(new Packet(PUBACK, "", packet.id(), NONE), CODEC);
                }
            }
        };
        Requests<Packet, Packet> requests =
                socket.requests(CODEC, CODEC, Packet::id, Packet::idOfReply, 64, unsolicited);
        return new Mqtt(socket, requests, new AtomicInteger());
    }

    /** Publishes a text with quality 0. Completes when the text is sent. */
    CompletableFuture<Void> tell(String topic, String text) {
        return socket.writeMessage(new Packet(PUBLISH, topic, 0, UTF_8.encode(text)), CODEC);
    }

    /** Publishes a text with quality 1. Completes when the broker has the text. */
    CompletableFuture<Void> publish(String topic, String text) {
        return ask(PUBLISH | QUALITY_1, topic, UTF_8.encode(text)).thenApply(done -> null);
    }

    /** Subscribes to topics. The broker sends each publication with quality 1 or less. */
    CompletableFuture<Void> subscribe(String filter) {
        return ask(SUBSCRIBE, filter, bytes(1))
                .thenCompose(reply -> reply.rest().get(0) >= 0
                        ? completedFuture(null)
                        : failedFuture(new IOException("the broker refuses " + filter)));
    }

    private CompletableFuture<Packet> ask(int head, String topic, ByteBuffer rest) {
        return requests.request(new Packet(head, topic, ids.updateAndGet(id -> id % 65_535 + 1), rest));
    }

    private static ByteBuffer bytes(int... bytes) {
        ByteBuffer all = ByteBuffer.allocate(bytes.length);
        for (int each : bytes) {
            all.put((byte) each);
        }
        return all.flip();
    }

    private static ByteBuffer join(ByteBuffer... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Stream.of(parts).mapToInt(ByteBuffer::remaining).sum());
        Stream.of(parts).map(ByteBuffer::duplicate).forEach(all::put);
        return all.flip();
    }

    @Override
    public void close() {
        requests.close();
    }
}

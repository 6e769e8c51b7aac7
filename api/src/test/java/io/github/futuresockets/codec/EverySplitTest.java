package io.github.futuresockets.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the decoding of streams cut at every offset. The decoded messages must be the encoded messages. */
class EverySplitTest {

    @ParameterizedTest
    @MethodSource("io.github.futuresockets.codec.Kind#all")
    <T> void decode_oneMessageCutAtAnyOffset_givesSameMessage(Kind<T> kind) {
        Codec<T> codec = kind.codec().apply(Kind.LIMIT);
        for (T message : kind.messages()) {
            check(codec, List.of(message));
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.futuresockets.codec.Kind#all")
    <T> void decode_streamCutAtTwoOffsets_givesSameMessages(Kind<T> kind) {
        Codec<T> codec = kind.codec().apply(Kind.LIMIT);
        check(codec, kind.messages());
        byte[] stream = Kind.encoded(codec, kind.messages());
        for (int first = 1; first < stream.length; first++) {
            for (int second = first + 1; second < stream.length; second++) {
                assertEquals(
                        kind.messages(),
                        Feeding.cut(codec, stream, IntStream.of(first, second)).all(),
                        "cut at " + first + " and " + second);
            }
        }
    }

    private static <T> void check(Codec<T> codec, List<T> messages) {
        byte[] stream = Kind.encoded(codec, messages);
        assertEquals(messages, Feeding.whole(codec, stream).all(), "whole");
        assertEquals(messages, Feeding.byteByByte(codec, stream).all(), "byte by byte");
        for (int at = 1; at < stream.length; at++) {
            assertEquals(messages, Feeding.cut(codec, stream, IntStream.of(at)).all(), "cut at " + at);
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.futuresockets.codec.Kind#all")
    <T> void decode_beforeLastByte_givesNoMessage(Kind<T> kind) throws Exception {
        Codec<T> codec = kind.codec().apply(Kind.LIMIT);
        for (T message : kind.messages()) {
            byte[] bytes = Kind.encoded(codec, message);
            for (int length = 1; length < bytes.length; length++) {
                assertEquals(
                        null, Feeding.decoded(codec, ByteBuffer.wrap(bytes, 0, length), 0), "of " + length + " bytes");
            }
            assertNotNull(codec.decode(ByteBuffer.wrap(bytes), bytes.length - 1));
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.futuresockets.codec.Kind#all")
    <T> void decode_twoCallsAtAnotherPosition_givesSameMessage(Kind<T> kind) throws Exception {
        Codec<T> codec = kind.codec().apply(Kind.LIMIT);
        for (T message : kind.messages()) {
            byte[] bytes = Kind.encoded(codec, message);
            ByteBuffer in = ByteBuffer.allocateDirect(bytes.length + 20);
            in.put(9, bytes);
            for (int first = 1; first < bytes.length; first++) {
                in.limit(9 + first).position(9);
                assertEquals(null, Feeding.decoded(codec, in, 0));
                in.limit(9 + bytes.length).position(9);
                assertEquals(message, codec.decode(in, first), "after " + first + " bytes");
                assertEquals(9 + bytes.length, in.position());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.futuresockets.codec.Kind#all")
    <T> void decode_surroundingBytes_givesFreshExactBuffer(Kind<T> kind) throws Exception {
        Codec<T> codec = kind.codec().apply(Kind.LIMIT);
        for (T message : kind.messages()) {
            byte[] bytes = Kind.encoded(codec, message);
            byte[] around = new byte[bytes.length + 20];
            System.arraycopy(bytes, 0, around, 7, bytes.length);
            for (boolean direct : new boolean[] {false, true}) {
                ByteBuffer in =
                        direct ? ByteBuffer.allocateDirect(around.length).put(around) : ByteBuffer.wrap(around);
                in.limit(around.length).position(7);
                T decoded = codec.decode(in, 0);
                assertEquals(message, decoded);
                assertEquals(7 + bytes.length, in.position(), "the position stands behind the message");
                assertEquals(around.length, in.limit());
                if (decoded instanceof ByteBuffer) {
                    ByteBuffer buffer = (ByteBuffer) decoded;
                    assertEquals(0, buffer.position());
                    assertEquals(0, buffer.arrayOffset());
                    assertEquals(buffer.limit(), buffer.array().length);
                    assertEquals(ByteOrder.BIG_ENDIAN, buffer.order());
                    assertFalse(buffer.isReadOnly());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.futuresockets.codec.Kind#all")
    <T> void encode_lentBuffer_isCopiedAndUnchanged(Kind<T> kind) throws Exception {
        Codec<T> codec = kind.codec().apply(Kind.LIMIT);
        for (T message : kind.messages()) {
            if (message instanceof ByteBuffer) {
                ByteBuffer content = (ByteBuffer) message;
                ByteBuffer lent = ByteBuffer.allocateDirect(content.remaining() + 9);
                lent.position(4).put(content.duplicate()).limit(lent.position()).position(4);
                @SuppressWarnings("unchecked")
                ByteBuffer bytes = ((Codec<ByteBuffer>) codec).encode(lent.asReadOnlyBuffer());
                assertEquals(ByteBuffer.wrap(Kind.encoded(codec, message)), bytes);
                @SuppressWarnings("unchecked")
                ByteBuffer again = ((Codec<ByteBuffer>) codec).encode(lent);
                assertEquals(4, lent.position());
                assertEquals(4 + content.remaining(), lent.limit());
                lent.put(4 + content.remaining() - 1 < 4 ? 0 : 4, (byte) 'z');
                assertEquals(bytes, again, "copied");
            }
        }
    }
}

package io.github.futuresockets.codec;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the options of a length field, with the frames of the documentation of Netty and tokio. */
class LengthPrefixedTest {
    private static final String HELLO = "48454c4c4f2c20574f524c44";

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static LengthField field(int offset, int length, int adjustment, int skip) {
        return LengthField.of(length)
                .withOffset(offset)
                .withAdjustment(adjustment)
                .withSkip(skip);
    }

    /** The frames hold 12 bytes of content. A header is {@code cafe} or {@code ca}, and {@code fe} behind the length. */
    @ParameterizedTest
    @CsvSource({
        "0, 2,  0, 0, 000c,     '',     000c",
        "0, 2,  0, 2, 000c,     '',     ''",
        "0, 2, -2, 0, 000e,     '',     000e",
        "0, 2, -2, 2, 000e,     '',     ''",
        "2, 3,  0, 0, cafe00000c, '',   cafe00000c",
        "0, 3,  2, 0, 00000c,   cafe,   00000ccafe",
        "0, 3,  2, 5, 00000c,   cafe,   ''",
        "1, 2,  1, 3, ca000c,   fe,     fe",
        "1, 2, -3, 3, ca0010,   fe,     fe",
        "1, 2, -3, 0, ca0010,   fe,     ca0010fe",
        "2, 1,  0, 1, cafe0c,   '',     fe0c",
        "0, 8,  0, 8, 000000000000000c, '', ''"
    })
    void decode_documentedFrames_givesDocumentedMessages(
            int offset, int length, int adjustment, int skip, String front, String header, String left) {
        LengthField field = field(offset, length, adjustment, skip);
        byte[] stream = bytes((front + header + HELLO).repeat(3));
        ByteBuffer message = ByteBuffer.wrap(bytes(left + HELLO));
        Decoder<ByteBuffer> decoder = Codecs.lengthPrefixedDecoder(field, message.remaining());
        assertEquals(stream.length / 3, decoder.limit());
        assertEquals(
                List.of(message, message, message),
                Feeding.byteByByte(decoder, stream).all());
        Decoder<ByteBuffer> shorter = Codecs.lengthPrefixedDecoder(field, message.remaining() - 1);
        assertInstanceOf(
                FrameTooLongException.class, Feeding.byteByByte(shorter, stream).failure());
    }

    @Test
    void decode_littleEndian_isTheSame() {
        LengthField field = field(1, 2, -3, 3).withOrder(LITTLE_ENDIAN);
        assertEquals(
                List.of(ByteBuffer.wrap(bytes("fe" + HELLO))),
                Feeding.whole(Codecs.lengthPrefixedDecoder(field, 100), bytes("ca1000fe" + HELLO))
                        .all());
    }

    /** A frame of which the length says that the frame ends within its own front. */
    @ParameterizedTest
    @CsvSource({
        "1, 4, -4, 0, ff00000003", "1, 4, -4, 0, ff00000000", "0, 2, -2, 2, 0001", "0, 2, -2, 2, 0000",
        "2, 1, -3, 0, cafe02", "0, 2, 0, 5, 0002", "0, 8, -2147483648, 0, 0000000000000000", "1, 2, -3, 3, ca0002"
    })
    void decode_lengthShorterThanTheFront_isAProtocolError(
            int offset, int length, int adjustment, int skip, String hex) {
        Decoder<ByteBuffer> decoder = Codecs.lengthPrefixedDecoder(field(offset, length, adjustment, skip), 100);
        for (var outcome : List.of(
                Feeding.whole(decoder, bytes(hex + "00".repeat(20))), Feeding.byteByByte(decoder, bytes(hex)))) {
            assertInstanceOf(ProtocolException.class, outcome.failure());
            assertEquals(0, outcome.taken());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "4, 0, ffffffff, 4294967295",
        "4, 0, 80000000, 2147483648",
        "4, -4, ffffffff, 4294967291",
        "4, 1000000000, ffffffff, 5294967295",
        "8, 0, ffffffffffffffff, 9223372036854775807",
        "8, 100, 7fffffffffffffff, 9223372036854775807",
        "8, -100, 7fffffffffffffff, 9223372036854775707",
        "8, -100, 8000000000000000, 9223372036854775807"
    })
    void decode_hostileLength_isRefusedAtTheFieldAndAllocatesNothing(
            int length, int adjustment, String number, long announced) throws Exception {
        LengthField field = field(1, length, adjustment, 1 + length);
        Decoder<ByteBuffer> decoder = Codecs.lengthPrefixedDecoder(field, adjustment > 100 ? Integer.MAX_VALUE : 1_000);
        ByteBuffer in = ByteBuffer.wrap(bytes("ff" + number));
        FrameTooLongException failure = assertThrows(FrameTooLongException.class, () -> decoder.decode(in, 0));
        assertEquals(announced, failure.seen());
        assertEquals(decoder.limit() - 1 - length, failure.limit());
        assertThrows(IOException.class, () -> decoder.decode(in, 0));
        long allocated = Allocation.in(() -> assertThrows(IOException.class, () -> decoder.decode(in, 0)));
        assertTrue(allocated < 64 << 10, "allocated " + allocated);
    }

    @Test
    void decode_hugeLimit_allocatesNothingBeforeTheBytes() throws Exception {
        Decoder<ByteBuffer> decoder = Codecs.lengthPrefixedDecoder(field(1, 4, 0, 5), Integer.MAX_VALUE);
        assertEquals(Integer.MAX_VALUE, decoder.limit());
        ByteBuffer in = ByteBuffer.wrap(bytes("ff7ffffff0"));
        assertNull(decoder.decode(in, 0));
        assertTrue(Allocation.in(() -> assertNull(decoder.decode(in, 0))) < 64 << 10);
    }

    @Test
    void encode_wholeFrame_writesTheLengthOverTheMessagesOwn() throws Exception {
        Codec<ByteBuffer> codec = Codecs.lengthPrefixed(field(1, 4, -4, 0), 100);
        ByteBuffer message = ByteBuffer.wrap(bytes("51ffffffff6162"));
        assertArrayEquals(bytes("51000000066162"), Kind.encoded(codec, message));
        assertEquals(ByteBuffer.wrap(bytes("51ffffffff6162")), message, "the message is unchanged");
    }

    @Test
    void encode_fieldInFront_isPutInFront() {
        Codec<ByteBuffer> counting = Codecs.lengthPrefixed(field(0, 2, -2, 2), 100);
        assertArrayEquals(bytes("00046162"), Kind.encoded(counting, ByteBuffer.wrap(bytes("6162"))));
        Codec<ByteBuffer> trailer = Codecs.lengthPrefixed(field(0, 1, 2, 1), 100);
        assertArrayEquals(bytes("01616263"), Kind.encoded(trailer, ByteBuffer.wrap(bytes("616263"))));
    }

    @Test
    void encode_messageThatNoLengthDescribes_isRefused() {
        refused(Codecs.lengthPrefixed(field(1, 4, -4, 0), 100), 4, IOException.class);
        refused(Codecs.lengthPrefixed(field(1, 4, -4, 0), 100), 101, FrameTooLongException.class);
        refused(Codecs.lengthPrefixed(field(0, 1, 2, 1), 100), 1, IOException.class);
        refused(Codecs.lengthPrefixed(field(0, 1, 2, 1), 1_000), 258, FrameTooLongException.class);
        refused(Codecs.lengthPrefixed(field(0, 1, -1, 0), 1_000), 256, FrameTooLongException.class);
        assertEquals(
                258, Kind.encoded(Codecs.lengthPrefixed(field(0, 1, 2, 1), 1_000), ByteBuffer.allocate(257)).length);
        assertEquals(
                255, Kind.encoded(Codecs.lengthPrefixed(field(0, 1, -1, 0), 1_000), ByteBuffer.allocate(255)).length);
    }

    private static void refused(Codec<ByteBuffer> codec, int length, Class<? extends IOException> failure) {
        assertEquals(
                failure,
                assertThrows(IOException.class, () -> codec.encode(ByteBuffer.allocate(length)))
                        .getClass());
    }

    @Test
    void options_illegal_throwAtOnce() {
        List<Executable> calls = List.of(
                () -> LengthField.of(0),
                () -> LengthField.of(5),
                () -> LengthField.of(9),
                () -> LengthField.of(-1),
                () -> LengthField.of(4).withOffset(-1),
                () -> LengthField.of(4).withSkip(-1),
                () -> Codecs.lengthPrefixed(LengthField.of(4), 0),
                () -> Codecs.lengthPrefixed(LengthField.of(4), 3),
                () -> Codecs.lengthPrefixed(field(1, 4, 0, 0), 4),
                () -> Codecs.lengthPrefixed(field(0, 1, -300, 0), 1_000),
                () -> Codecs.lengthPrefixed(field(0, 4, 50, 4), 49),
                () -> Codecs.lengthPrefixed(field(1, 4, 0, 5), 100),
                () -> Codecs.lengthPrefixed(field(1, 4, 0, 4), 100),
                () -> Codecs.lengthPrefixed(field(0, 4, 0, 3), 100),
                () -> Codecs.lengthPrefixedDecoder(field(Integer.MAX_VALUE, 4, 0, 0), Integer.MAX_VALUE));
        for (int i = 0; i < calls.size(); i++) {
            assertThrows(IllegalArgumentException.class, calls.get(i), "call " + i);
        }
        assertThrows(NullPointerException.class, () -> LengthField.of(4).withOrder(null));
        assertEquals(
                new LengthField(3, 2, LITTLE_ENDIAN, -5, 1), field(3, 2, -5, 1).withOrder(LITTLE_ENDIAN));
        assertEquals(new LengthField(0, 4, BIG_ENDIAN, 0, 0), LengthField.of(4));
    }
}

package io.github.futuresockets.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests lengths invented by a hostile peer. A decoder refuses an illegal length as soon as the length is known, without
 * a large allocation.
 */
class HostileInputTest {
    private static final int LIMIT = 1_000;
    private static final int SLACK = 64 << 10;

    /** Returns the length as encoded on the wire. */
    private static byte[] prefix(int bytes, ByteOrder order, long length) {
        ByteBuffer all = ByteBuffer.allocate(8).order(order).putLong(length);
        int from = order == ByteOrder.BIG_ENDIAN ? 8 - bytes : 0;
        return Arrays.copyOfRange(all.array(), from, from + bytes);
    }

    private static byte[] varint(long length) {
        byte[] all = new byte[10];
        int size = 0;
        for (long rest = length; ; rest >>>= 7) {
            all[size++] = (byte) (rest >>> 7 == 0 ? rest : rest | 0x80);
            if (rest >>> 7 == 0) {
                return Arrays.copyOf(all, size);
            }
        }
    }

    private static FrameTooLongException refused(Decoder<ByteBuffer> decoder, byte[] bytes) throws Exception {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        FrameTooLongException[] failure = new FrameTooLongException[1];
        assertThrows(FrameTooLongException.class, () -> decoder.decode(in, 0));
        long allocated = Allocation.in(() -> {
            try {
                decoder.decode(in, 0);
            } catch (FrameTooLongException e) {
                failure[0] = e;
            }
        });
        assertTrue(allocated <= SLACK, "allocated " + allocated + " bytes");
        return failure[0];
    }

    @ParameterizedTest
    @CsvSource({
        "1, 255",
        "2, 65535",
        "3, 16777215",
        "4, 4294967295",
        "4, 2147483648",
        "4, 2147483647",
        "4, 101",
        "8, 9223372036854775807",
        "8, 4294967296",
        "8, 2147483648",
        "8, 2147483647",
        "8, 101",
        "3, 101",
        "2, 101",
        "1, 101"
    })
    void lengthPrefixed_lengthOverLimit_isRefusedAtPrefix(int bytes, long length) throws Exception {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            Codec<ByteBuffer> codec = Codecs.lengthPrefixed(bytes, order, 100);
            byte[] prefix = prefix(bytes, order, length);
            FrameTooLongException failure = refused(codec, prefix);
            assertEquals(100, failure.limit());
            assertEquals(length, failure.seen());
            assertNull(codec.decode(ByteBuffer.wrap(prefix, 0, bytes - 1), 0), "no length, no judgement");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MIN_VALUE + 5})
    void lengthPrefixed_eightByteLength_isUnsigned(long length) throws Exception {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            for (int limit : new int[] {1, 100, Integer.MAX_VALUE}) {
                Codec<ByteBuffer> codec = Codecs.lengthPrefixed(8, order, limit);
                FrameTooLongException failure = refused(codec, prefix(8, order, length));
                assertEquals(Long.MAX_VALUE, failure.seen());
                assertTrue(String.valueOf(failure.getMessage()).contains(Long.toUnsignedString(length)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 8})
    void lengthPrefixed_lengthZeroOrLimit_isMessage(int bytes) throws Exception {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            Codec<ByteBuffer> codec = Codecs.lengthPrefixed(bytes, order, LIMIT);
            assertEquals(
                    0, codec.decode(ByteBuffer.wrap(prefix(bytes, order, 0)), 0).remaining());
            byte[] longest = Arrays.copyOf(prefix(bytes, order, LIMIT), bytes + LIMIT);
            assertEquals(LIMIT, codec.decode(ByteBuffer.wrap(longest), 0).remaining());
            assertEquals(
                    LIMIT + 1, refused(codec, prefix(bytes, order, LIMIT + 1)).seen());
            assertEquals(bytes + LIMIT, codec.limit());
        }
    }

    @Test
    void decode_hugeLimit_allocatesNothingBeforeBytesArrive() throws Exception {
        for (int bytes : new int[] {4, 8}) {
            Codec<ByteBuffer> codec = Codecs.lengthPrefixed(bytes, ByteOrder.BIG_ENDIAN, Integer.MAX_VALUE);
            assertEquals(Integer.MAX_VALUE, codec.limit());
            ByteBuffer in = ByteBuffer.wrap(Arrays.copyOf(prefix(bytes, ByteOrder.BIG_ENDIAN, 2_000_000_000), 100));
            assertTrue(Allocation.in(() -> assertNull(codec.decode(in, 0))) <= SLACK);
            assertEquals(
                    Integer.MAX_VALUE,
                    refused(codec, prefix(bytes, ByteOrder.BIG_ENDIAN, Integer.MAX_VALUE))
                            .seen());
        }
        Codec<ByteBuffer> varint = Codecs.varintPrefixed(Integer.MAX_VALUE);
        assertEquals(Integer.MAX_VALUE, varint.limit());
        ByteBuffer in = ByteBuffer.wrap(Arrays.copyOf(varint(2_000_000_000), 100));
        assertTrue(Allocation.in(() -> assertNull(varint.decode(in, 0))) <= SLACK);
        assertEquals(
                Integer.MAX_VALUE, refused(varint, varint(Integer.MAX_VALUE)).seen());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 127, 128, 300, 16_383, 16_384, 70_000, 2_097_151, 2_097_152, 3_000_000})
    void varintPrefixed_lengthOverLimit_isRefused(int limit) throws Exception {
        Codec<ByteBuffer> codec = Codecs.varintPrefixed(limit);
        assertEquals(0, codec.decode(ByteBuffer.wrap(new byte[1]), 0).remaining());
        byte[] prefix = varint(limit);
        byte[] longest = Arrays.copyOf(prefix, prefix.length + limit);
        assertEquals(limit, codec.decode(ByteBuffer.wrap(longest), 0).remaining());
        assertEquals(longest.length, codec.limit());
        for (long length : new long[] {limit + 1L, Integer.MAX_VALUE, 1L << 31, 1L << 62, Long.MAX_VALUE}) {
            FrameTooLongException failure = refused(codec, varint(length));
            assertEquals(limit, failure.limit());
            assertEquals(length, failure.seen());
        }
        for (long length : new long[] {-1, Long.MIN_VALUE}) {
            assertEquals(Long.MAX_VALUE, refused(codec, varint(length)).seen());
        }
    }

    @Test
    void varintPrefixed_prefixLongerThanLimitNeeds_isRefused() throws Exception {
        byte[] endless = new byte[9];
        Arrays.fill(endless, (byte) 0x80);
        for (int limit : new int[] {1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE}) {
            Codec<ByteBuffer> codec = Codecs.varintPrefixed(limit);
            int needed = varint(limit).length;
            for (int length = 1; length < needed; length++) {
                assertNull(codec.decode(ByteBuffer.wrap(endless, 0, length), 0));
            }
            for (int length = needed; length <= 9; length++) {
                FrameTooLongException failure = refused(codec, Arrays.copyOf(endless, length));
                assertTrue(failure.seen() > limit, length + " bytes: " + failure.seen());
            }
        }
    }

    @Test
    void varintPrefixed_overlongVarint_isProtocolError() {
        byte[] endless = new byte[1_000];
        Arrays.fill(endless, (byte) 0xff);
        byte[] sixtyFive = Arrays.copyOf(endless, 10);
        sixtyFive[9] = 2;
        for (int limit : new int[] {1, 300, Integer.MAX_VALUE}) {
            Codec<ByteBuffer> codec = Codecs.varintPrefixed(limit);
            for (byte[] each : new byte[][] {
                endless,
                sixtyFive,
                {(byte) 0x80, 0},
                {(byte) 0x81, 0},
                {(byte) 0x81, (byte) 0x80, 0},
                {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0}
            }) {
                assertThrows(ProtocolException.class, () -> codec.decode(ByteBuffer.wrap(each), 0));
                assertInstanceOf(
                        IOException.class, Feeding.byteByByte(codec, each).failure());
                assertEquals(0, Feeding.byteByByte(codec, each).taken(), "the bytes stay");
            }
        }
    }

    @Test
    void decode_noDelimiterWithinLimit_isRefused() throws Exception {
        byte[] noEnd = new byte[3 * LIMIT];
        Arrays.fill(noEnd, (byte) '\r');
        for (Codec<?> codec :
                List.<Codec<?>>of(Codecs.delimited(new byte[] {'\r', '\n'}, LIMIT), Codecs.lines(UTF_8, LIMIT))) {
            assertEquals(LIMIT, codec.limit());
            var failure = assertInstanceOf(
                    FrameTooLongException.class,
                    Feeding.byteByByte(codec, noEnd).failure());
            assertEquals(LIMIT, failure.seen());
            assertNull(codec.decode(ByteBuffer.wrap(noEnd), 0));
            noEnd[LIMIT - 1] = '\n';
            assertEquals(LIMIT, Feeding.byteByByte(codec, noEnd).taken(), "the end is within the limit");
            noEnd[LIMIT - 1] = '\r';
            noEnd[LIMIT] = '\n';
            assertEquals(0, Feeding.whole(codec, noEnd).taken(), "the end is beyond the limit");
            assertNull(codec.decode(ByteBuffer.wrap(noEnd), 0), "nor found by who shows more than the limit");
            noEnd[LIMIT] = '\r';
        }
    }
}

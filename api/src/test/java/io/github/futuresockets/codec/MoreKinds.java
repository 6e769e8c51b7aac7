package io.github.futuresockets.codec;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/** The kinds of numbers, length fields, decimal lengths, several delimiters and messages with a head. */
final class MoreKinds {
    private static final byte[] CRLF = {'\r', '\n'};

    private MoreKinds() {}

    /** A message with a type and a content. */
    record Typed(byte type, ByteBuffer content) {}

    static List<Kind<?>> all() {
        List<Kind<?>> all = new ArrayList<>();
        numbers(all);
        fields(all);
        texts(all);
        heads(all);
        return all;
    }

    private static void numbers(List<Kind<?>> all) {
        for (ByteOrder order : List.of(BIG_ENDIAN, LITTLE_ENDIAN)) {
            all.add(number("int16 " + order, Codecs.int16(order), (short) 0, (short) -2, (short) 0x1234, random ->
                    (short) random.nextInt()));
            all.add(number("int32 " + order, Codecs.int32(order), 0, -2, 0x12345678, RandomGenerator::nextInt));
            all.add(number(
                    "int64 " + order, Codecs.int64(order), 0L, -2L, 0x123456789abcdef0L, RandomGenerator::nextLong));
            all.add(number(
                    "float32 " + order, Codecs.float32(order), 0f, -1.5f, Float.NaN, RandomGenerator::nextFloat));
            all.add(number(
                    "float64 " + order, Codecs.float64(order), -0d, 1e300, Double.NaN, RandomGenerator::nextDouble));
        }
    }

    private static <T> Kind<T> number(
            String name, Codec<T> codec, T first, T second, T third, Function<RandomGenerator, T> random) {
        return new Kind<>(
                name, limit -> codec, 1, true, List.of(first, second, third), (source, limit) -> random.apply(source));
    }

    private static void fields(List<Kind<?>> all) {
        LengthField postgres = LengthField.of(4).withOffset(1).withAdjustment(-4);
        LengthField whole = LengthField.of(1).withOffset(2).withAdjustment(-3);
        LengthField trailer = LengthField.of(2).withAdjustment(3).withSkip(2).withOrder(LITTLE_ENDIAN);
        all.add(frames("length behind a type, counting itself", postgres, 5));
        all.add(frames("length counting the whole frame", whole, 3));
        all.add(frames(
                "length counting more than there is",
                LengthField.of(2).withAdjustment(-7).withOffset(3),
                5));
        all.add(Kind.bytes(
                "length in front, counting itself",
                limit -> Codecs.lengthPrefixed(
                        LengthField.of(4).withAdjustment(-4).withSkip(4), limit),
                1,
                0,
                List.of("", "a", "\n", "x".repeat(Kind.LIMIT))));
        all.add(new Kind<>(
                "length without a trailer",
                limit -> Codecs.lengthPrefixed(trailer, limit),
                3,
                true,
                List.of(latin("abc"), latin("\0\0\0\0"), latin("x".repeat(Kind.LIMIT))),
                (random, limit) -> content(random, 3, limit)));
    }

    /** Returns a kind of whole frames. The messages have the right length, because the encoder writes the length. */
    private static Kind<ByteBuffer> frames(String name, LengthField field, int smallest) {
        Codec<ByteBuffer> any = Codecs.lengthPrefixed(field, 1_100);
        return new Kind<>(
                name,
                limit -> Codecs.lengthPrefixed(field, limit),
                smallest,
                true,
                List.of(
                        frame(any, latin("a".repeat(smallest))),
                        frame(any, latin("\n".repeat(smallest + 1))),
                        frame(any, latin("x".repeat(Kind.LIMIT)))),
                (random, limit) -> frame(any, content(random, smallest, Math.min(limit, 250))));
    }

    private static ByteBuffer frame(Codec<ByteBuffer> codec, ByteBuffer message) {
        return ByteBuffer.wrap(Kind.encoded(codec, message));
    }

    private static void texts(List<Kind<?>> all) {
        for (int digits : new int[] {2, 5}) {
            all.add(Kind.bytes(
                    "decimalPrefixed " + digits,
                    limit -> Codecs.decimalPrefixed(digits, limit),
                    1,
                    0,
                    List.of("", "1", "23", "x".repeat(Kind.LIMIT))));
        }
        all.add(Kind.bytes(
                "decimalPrefixed CRLF",
                limit -> Codecs.decimalPrefixed(CRLF, limit),
                1,
                0,
                List.of("", "1", "\r\n", "x".repeat(Kind.LIMIT))));
        all.add(Kind.bytes(
                "netstrings", Codecs::netstrings, 1, 0, List.of("", "1", ",", "1:a,", "x".repeat(Kind.LIMIT))));
        all.add(any("delimited by CRLF or LF", List.of("\r\n", "\n"), List.of("", "a", "\r", "\r\rb")));
        all.add(any("delimited by CRLF, LF or CR", List.of("\r\n", "\n", "\r"), List.of("", "a", "ab")));
        all.add(any("delimited by bb, ab or bba\\r", List.of("bba\r", "bb", "ab"), List.of("", "x", "\r", "xa\r")));
        all.add(new Kind<>(
                "lines with CRLF",
                limit -> Codecs.lines(UTF_8, LineEnding.CRLF, limit),
                2,
                false,
                List.of("", "a", "\r", "a\rb", "\u00e9\u20ac", "x".repeat(Kind.LIMIT - 2)),
                (random, limit) -> Kind.text(random, (limit - 2) / 3)));
        all.add(new Kind<>(
                "lines with CRLF of UTF-16LE",
                limit -> Codecs.lines(UTF_16LE, LineEnding.CRLF, limit),
                4,
                false,
                List.of("", "a", "\r", "\u0a0a\u0d0a\u0a0d"),
                (random, limit) -> Kind.text(random, (limit - 4) / 2)));
    }

    private static Kind<ByteBuffer> any(String name, List<String> delimiters, List<String> messages) {
        byte[][] bytes =
                delimiters.stream().map(each -> each.getBytes(ISO_8859_1)).toArray(byte[][]::new);
        return new Kind<>(
                name,
                limit -> Codecs.delimited(limit, bytes),
                4,
                false,
                messages.stream().map(MoreKinds::latin).toList(),
                (random, limit) -> content(random, 0, limit - bytes[0].length));
    }

    private static void heads(List<Kind<?>> all) {
        IntFunction<Codec<ByteBuffer>> varints = Codecs::varintPrefixed;
        IntFunction<Codec<ByteBuffer>> crlf = limit -> Codecs.delimited(CRLF, Math.max(2, limit));
        List<Typed> messages = List.of(
                new Typed((byte) 'v', latin("")),
                new Typed((byte) 'd', latin("")),
                new Typed((byte) 'v', latin("\r\n")),
                new Typed((byte) 'd', latin("a\rb")));
        all.add(new Kind<>(
                "int8, then a body",
                limit -> typed(varints.apply(limit), crlf.apply(limit)),
                2,
                true,
                messages,
                (random, limit) -> random(random, limit - 2)));
        all.add(new Kind<>(
                "a look at two bytes, then a message",
                limit -> looking(Codecs.lengthPrefixed(2, BIG_ENDIAN, limit), crlf.apply(limit)),
                2,
                false,
                List.of(latin("ab"), latin("a".repeat(20)), latin("\n\n"), latin("cd\n")),
                (random, limit) -> content(random, 2, Math.max(2, limit - 2))));
        all.add(new Kind<>(
                "a line with the length, then the content",
                MoreKinds::counted,
                2,
                false,
                List.of("", "a", "1\r2", "x".repeat(Kind.LIMIT - 1)),
                (random, limit) -> Kind.text(random, limit / 3)));
    }

    /** A byte with the type, then a varint length or a delimiter. */
    private static Codec<Typed> typed(Codec<ByteBuffer> varints, Codec<ByteBuffer> delimited) {
        Decoder<Typed> decoder =
                Codecs.int8().then(type -> of(type, varints, delimited).map(content -> new Typed(type, content)));
        return Codec.of(decoder, direct(message -> {
            ByteBuffer content = of(message.type(), varints, delimited).encode(message.content());
            return ByteBuffer.allocate(1 + content.remaining())
                    .put(message.type())
                    .put(content)
                    .flip();
        }));
    }

    private static Codec<ByteBuffer> of(byte type, Codec<ByteBuffer> varints, Codec<ByteBuffer> delimited)
            throws ProtocolException {
        return switch (type) {
            case 'v' -> varints;
            case 'd' -> delimited;
            default -> throw new ProtocolException("type " + type);
        };
    }

    /** A head that needs two bytes and takes none. A zero and any byte begin a length, and other bytes a line. */
    private static Codec<ByteBuffer> looking(Codec<ByteBuffer> prefixed, Codec<ByteBuffer> delimited) {
        Decoder<Short> look = (in, seen) -> in.duplicate().getShort();
        Decoder<ByteBuffer> decoder = look.then(start -> start >>> 8 == 0 ? prefixed : delimited);
        return Codec.of(decoder, direct(message -> {
            byte start = message.get(message.position());
            if (start == 0 || start == 'a' && message.remaining() > 255) {
                throw new IOException("the start of the other codec");
            }
            return start == 'a' ? prefixed.encode(message) : delimited.encode(message);
        }));
    }

    /** A line with the length, then the content of UTF-8, CR and LF. */
    private static Codec<String> counted(int limit) {
        Decoder<String> decoder = Codecs.lines(US_ASCII, LineEnding.CRLF, 20).then(head -> {
            int length = Decoders.length(head, limit);
            return (in, seen) -> {
                String text = Decoders.complete(Decoders.text(in, length));
                String end = Decoders.complete(Decoders.line(in));
                if (!end.isEmpty()) {
                    throw new ProtocolException(end + " behind the content");
                }
                if (text.contains("\n") || text.length() >= limit) {
                    throw new ProtocolException("a line within the text");
                }
                return text;
            };
        });
        return Codec.of(decoder, direct(text -> {
            byte[] content = text.getBytes(UTF_8);
            if (content.length > limit || text.length() >= limit) {
                throw new IOException("too long");
            }
            return ByteBuffer.wrap((content.length + "\r\n" + text + "\r\n").getBytes(UTF_8));
        }));
    }

    /** Returns an encoder that also encodes into a buffer of the caller. */
    private static <T> Encoder<T> direct(Encoder<T> encoder) {
        return new Encoder<>() {
            @Override
            public ByteBuffer encode(T message) throws IOException {
                return encoder.encode(message);
            }

            @Override
            public ByteBuffer encode(T message, ByteBuffer out) throws IOException {
                ByteBuffer bytes = encoder.encode(message);
                if (out.remaining() < bytes.remaining()) {
                    return bytes;
                }
                out.put(bytes);
                return null;
            }
        };
    }

    private static Typed random(RandomGenerator random, int most) {
        return new Typed((byte) (random.nextBoolean() ? 'v' : 'd'), content(random, 0, most));
    }

    /** Returns a random content of {@code least} to {@code most} bytes. */
    private static ByteBuffer content(RandomGenerator random, int least, int most) {
        byte[] content = new byte[least + Kind.length(random, most - least)];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) "\r\nab\0\1\177\u00ff".charAt(random.nextInt(8));
        }
        return ByteBuffer.wrap(content);
    }

    private static ByteBuffer latin(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }
}

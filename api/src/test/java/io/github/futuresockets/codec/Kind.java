package io.github.futuresockets.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/**
 * A kind of message, with its codec for a limit, its smallest limit, selected messages, and a source of random
 * messages. If {@code exact}, different bytes are different messages.
 */
record Kind<T>(
        String name,
        IntFunction<Codec<T>> codec,
        int smallest,
        boolean exact,
        List<T> messages,
        BiFunction<RandomGenerator, Integer, T> random) {
    /** The limit for the listed messages. Some messages reach the limit. */
    static final int LIMIT = 40;

    private static final byte[] CRLF = {'\r', '\n'};
    /** A delimiter with the same first and last byte. */
    private static final byte[] ABA = {'a', 'b', 'a'};

    static List<Kind<?>> all() {
        List<Kind<?>> all = new ArrayList<>();
        all.add(bytes("fixedLength", Codecs::fixedLength, 1, 0, List.of("x".repeat(LIMIT), "\n".repeat(LIMIT))));
        all.add(bytes(
                "delimited by CRLF",
                limit -> Codecs.delimited(CRLF, limit),
                2,
                2,
                List.of("", "a", "\r", "\n", "\n\r", "\r\r\r", "a\nb\rc", "x".repeat(LIMIT - 2))));
        all.add(bytes(
                "delimited by aba",
                limit -> Codecs.delimited(ABA, limit),
                3,
                3,
                List.of("", "b", "aa", "bb", "abba", "aabb", "baa", "b".repeat(LIMIT - 3))));
        all.add(bytes(
                "delimited by a zero",
                limit -> Codecs.delimited(new byte[1], limit),
                1,
                1,
                List.of("", "a", "\n", "x".repeat(LIMIT - 1))));
        all.add(new Kind<>(
                "lines of UTF-8",
                limit -> Codecs.lines(UTF_8, limit),
                1,
                false,
                List.of(
                        "",
                        "a",
                        "\rb",
                        "a\rb",
                        "\u00e9\u20ac\ud83d\ude00",
                        "\u0a0a\u0d0a\u0a0d",
                        "x".repeat(LIMIT - 1)),
                (random, limit) -> text(random, (limit - 1) / 3)));
        all.add(new Kind<>(
                "lines of ISO-8859-1",
                limit -> Codecs.lines(ISO_8859_1, limit),
                1,
                false,
                List.of("", "a", "\rb", "\u00e9\u00ff", "x".repeat(LIMIT - 1)),
                (random, limit) -> text(random, limit - 1).replaceAll("[^\\x00-\\xff]", "?")));
        for (var charset : List.of(UTF_16BE, UTF_16LE)) {
            all.add(new Kind<>(
                    "lines of " + charset,
                    limit -> Codecs.lines(charset, limit),
                    2,
                    false,
                    List.of(
                            "",
                            "a",
                            "\rb",
                            "\u0a00\r\u0a00",
                            "\u0a0a\u0d0a\u0a0d\u0a00x",
                            "\13\u0a00\u0100",
                            "x".repeat(LIMIT / 2 - 1)),
                    (random, limit) -> text(random, (limit - 2) / 2)));
        }
        for (int prefix : new int[] {1, 2, 3, 4, 8}) {
            for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
                all.add(bytes(
                        "lengthPrefixed " + prefix + " " + order,
                        limit -> Codecs.lengthPrefixed(prefix, order, limit),
                        1,
                        0,
                        List.of("", "a", "\n", "x".repeat(LIMIT))));
            }
        }
        all.add(bytes("varintPrefixed", Codecs::varintPrefixed, 1, 0, List.of("", "a", "\0\0", "x".repeat(LIMIT))));
        all.addAll(MoreKinds.all());
        return all;
    }

    /** Returns a kind with messages of bytes, of any length from 0 to the limit less {@code overhead}. */
    static Kind<ByteBuffer> bytes(
            String name, IntFunction<Codec<ByteBuffer>> codec, int smallest, int overhead, List<String> messages) {
        return new Kind<>(
                name,
                codec,
                smallest,
                true,
                messages.stream()
                        .map(each -> ByteBuffer.wrap(each.getBytes(ISO_8859_1)))
                        .toList(),
                (random, limit) -> {
                    int most = limit - overhead;
                    byte[] content = new byte[name.equals("fixedLength") ? most : length(random, most)];
                    for (int i = 0; i < content.length; i++) {
                        content[i] = (byte) "\r\nab\0\1\177\u00ff".charAt(random.nextInt(8));
                    }
                    return ByteBuffer.wrap(content);
                });
    }

    /** Returns a random length, usually below 30, and sometimes 0 or {@code most}. */
    static int length(RandomGenerator random, int most) {
        int style = random.nextInt(10);
        return style == 0 ? 0 : style == 1 ? most : Math.min(most, random.nextInt(30));
    }

    /** Returns a random line of at most {@code most} chars. The last char is no CR. */
    static String text(RandomGenerator random, int most) {
        StringBuilder text = new StringBuilder();
        for (int length = length(random, most); length > 0; length--) {
            text.append("ab\r \u0a00\u0d0a\u0a0d\u20ac".charAt(random.nextInt(8)));
        }
        if (text.length() > 0 && text.charAt(text.length() - 1) == '\r') {
            text.setCharAt(text.length() - 1, '.');
        }
        return text.toString();
    }

    /** Returns the encoded messages, concatenated in the order of sending. */
    static <T> byte[] encoded(Encoder<T> encoder, List<T> messages) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (T each : messages) {
            stream.writeBytes(encoded(encoder, each));
        }
        return stream.toByteArray();
    }

    static <T> byte[] encoded(Encoder<T> encoder, T message) {
        try {
            ByteBuffer bytes = encoder.encode(message);
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}

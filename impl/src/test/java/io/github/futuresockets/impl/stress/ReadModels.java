package io.github.futuresockets.impl.stress;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.futuresockets.AsyncReader;
import io.github.futuresockets.codec.Decoder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** All kinds of reads, except reads into a buffer of the caller and transfers into a sink. */
final class ReadModels {
    private static final ByteBuffer BUFFER = ByteBuffer.allocate(0);
    private static final String STRING = new String("never read");
    private static final int LINE = 65_536;
    private static final List<String> DELIMITERS = List.of("\n", "\r\n", "ab", "aab", "abab");

    private ReadModels() {}

    /**
     * Returns a random read, except {@code readAll} and {@code transferTo}, because both wait for the end of the
     * stream.
     */
    static ReadModel random(SplittableRandom random, int size) {
        int length = random.nextInt(1, size + 1);
        switch (random.nextInt(14)) {
            case 0:
                return random.nextBoolean() ? BufferReads.read(length) : BufferReads.direct(length);
            case 1:
                return some(length);
            case 2:
                return BufferReads.fully(length);
            case 3:
                return exactly(random.nextInt(20) == 0 ? 0 : length);
            case 4:
                byte[] delimiter =
                        DELIMITERS.get(random.nextInt(DELIMITERS.size())).getBytes(UTF_8);
                int limit = Math.max(delimiter.length, random.nextInt(3) > 0 ? 4 * size : length);
                return until(random.nextBoolean(), delimiter, limit);
            case 5:
                return line(true);
            case 6:
                return line(false);
            case 7:
                return message(Decoders.prefixed());
            case 8:
                return message(Decoders.fixed(length, random.nextInt(4) > 0 ? 4 * size : Math.max(1, length - 1)));
            case 9:
                return BufferReads.atLeast(random.nextInt(1, length + 1), length);
            case 10:
                return BufferReads.scatter(length);
            case 11:
                return peek(random.nextInt(20) == 0 ? 0 : length);
            case 12:
                return expected(random.nextBoolean() ? Decoders.prefixed() : Decoders.lines());
            default:
                return message(Decoders.lines());
        }
    }

    static ReadModel some(int max) {
        return new Fresh("readSome(" + max + ")", reader -> reader.readSome(max)) {
            @Override
            Expected expected(byte[] rest, boolean ended) {
                return rest.length > 0
                        ? Expected.value(rest, rest.length)
                        : ended ? Expected.value(null, 0) : Expected.notYet(rest, false, 0);
            }

            @Override
            int succeeded(Object result, byte[] rest, boolean ended) {
                byte[] got = fresh(result);
                if (got == null || got.length == 0 || got.length > Math.min(max, rest.length)) {
                    return expected(rest, ended).succeeded(got);
                }
                return expected(Arrays.copyOf(rest, got.length), ended).succeeded(got);
            }
        };
    }

    static ReadModel exactly(int length) {
        return new Fresh("readExactly(" + length + ")", reader -> reader.readExactly(length)) {
            @Override
            Expected expected(byte[] rest, boolean ended) {
                return rest.length < length
                        ? Expected.notYet(rest, ended, length)
                        : Expected.value(Arrays.copyOf(rest, length), length);
            }
        };
    }

    static ReadModel until(boolean nullAtEnd, byte[] delimiter, int limit) {
        String method = nullAtEnd ? "readUntilOrNull" : "readUntil";
        String name = method + "(" + Expected.show(delimiter) + ", " + limit + ")";
        return new Fresh(
                name,
                reader -> nullAtEnd ? reader.readUntilOrNull(delimiter, limit) : reader.readUntil(delimiter, limit)) {
            @Override
            Expected expected(byte[] rest, boolean ended) {
                for (int end = delimiter.length; end <= Math.min(rest.length, limit); end++) {
                    if (Arrays.equals(rest, end - delimiter.length, end, delimiter, 0, delimiter.length)) {
                        return Expected.value(Arrays.copyOf(rest, end), end);
                    }
                }
                if (nullAtEnd && ended && rest.length == 0) {
                    return Expected.value(null, 0);
                }
                return rest.length >= limit ? Expected.tooLong(limit) : Expected.notYet(rest, ended, -1);
            }
        };
    }

    /** Returns a peek, which takes no byte. */
    static ReadModel peek(int n) {
        return new Fresh("peek(" + n + ")", reader -> reader.peek(n)) {
            @Override
            Expected expected(byte[] rest, boolean ended) {
                return rest.length < n ? Expected.notYet(rest, ended, n) : Expected.value(Arrays.copyOf(rest, n), 0);
            }
        };
    }

    static ReadModel line(boolean nullAtEnd) {
        String name = nullAtEnd ? "readLine" : "expectLine";
        return new ReadModel(name) {
            @Override
            CompletableFuture<?> issue(AsyncReader from) {
                return nullAtEnd ? from.readLine() : from.expectLine();
            }

            @Override
            Expected expected(byte[] rest, boolean ended) {
                for (int i = 0; i < Math.min(rest.length, LINE); i++) {
                    if (rest[i] == '\n') {
                        int length = i > 0 && rest[i - 1] == '\r' ? i - 1 : i;
                        return Expected.value(new String(rest, 0, length, UTF_8), i + 1);
                    }
                }
                if (rest.length >= LINE) {
                    return Expected.tooLong(LINE);
                }
                if (ended && rest.length > 0) {
                    return Expected.value(new String(rest, UTF_8), rest.length);
                }
                return ended && nullAtEnd ? Expected.value(null, 0) : Expected.notYet(rest, ended, -1);
            }

            @Override
            Object sentinel() {
                return STRING;
            }
        };
    }

    static ReadModel all(int limit) {
        return new Fresh("readAll(" + limit + ")", reader -> reader.readAll(limit)) {
            @Override
            Expected expected(byte[] rest, boolean ended) {
                if (rest.length > limit) {
                    return Expected.tooLong(limit);
                }
                return ended ? Expected.value(rest, rest.length) : Expected.notYet(rest, false, 0);
            }
        };
    }

    /**
     * Returns a read of a message. The expected outcome comes from the same decoder, applied to the whole rest at once.
     */
    static ReadModel message(Decoder<ByteBuffer> decoder) {
        return new Fresh("readMessage(" + decoder + ")", reader -> reader.readMessage(decoder)) {
            @Override
            Expected expected(byte[] rest, boolean ended) {
                return Decoders.expected(decoder, rest, ended);
            }
        };
    }

    /** Returns a read of a message that fails at the end of the stream. */
    static ReadModel expected(Decoder<ByteBuffer> decoder) {
        return new Fresh("expectMessage(" + decoder + ")", reader -> reader.expectMessage(decoder)) {
            @Override
            Expected expected(byte[] rest, boolean ended) {
                return rest.length == 0 ? Expected.notYet(rest, ended, -1) : Decoders.expected(decoder, rest, ended);
            }
        };
    }

    /** Returns a wait for readability, which takes no byte. */
    static ReadModel readable() {
        return new ReadModel("readable") {
            @Override
            CompletableFuture<?> issue(AsyncReader from) {
                return from.readable();
            }

            @Override
            Expected expected(byte[] rest, boolean ended) {
                return rest.length > 0 || ended ? Expected.value(rest.length > 0, 0) : Expected.notYet(rest, false, 0);
            }

            @Override
            Object sentinel() {
                return null;
            }

            @Override
            boolean isSentinel(Object result) {
                return result == null;
            }
        };
    }

    private abstract static class Fresh extends ReadModel {
        private final Function<AsyncReader, CompletableFuture<ByteBuffer>> issue;

        Fresh(String name, Function<AsyncReader, CompletableFuture<ByteBuffer>> issue) {
            super(name);
            this.issue = issue;
        }

        @Override
        CompletableFuture<?> issue(AsyncReader from) {
            return issue.apply(from);
        }

        @Override
        Object content(Object result) {
            return fresh(result);
        }

        @Override
        Object sentinel() {
            return BUFFER;
        }
    }
}

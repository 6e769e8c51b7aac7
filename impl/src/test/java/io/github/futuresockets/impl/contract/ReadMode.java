package io.github.futuresockets.impl.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.AsyncReader;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.impl.support.Await;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A way to read {@link #MESSAGE}. A guarantee of the contract must hold for every way. */
enum ReadMode {
    READ_EXACTLY {
        @Override
        Reading start(AsyncReader reader) {
            CompletableFuture<ByteBuffer> future = reader.readExactly(LENGTH);
            return new Reading(future, () -> string(future.join()));
        }
    },
    READ_FULLY {
        @Override
        Reading start(AsyncReader reader) {
            ByteBuffer dst = ByteBuffer.allocate(LENGTH);
            return new Reading(reader.readFully(dst), () -> string(dst.flip()));
        }
    },
    READ_UNTIL {
        @Override
        Reading start(AsyncReader reader) {
            CompletableFuture<ByteBuffer> future = reader.readUntil(new byte[] {'\r', '\n'}, 100);
            return new Reading(future, () -> string(future.join()));
        }
    },
    READ_UNTIL_OR_NULL {
        @Override
        Reading start(AsyncReader reader) {
            CompletableFuture<ByteBuffer> future = reader.readUntilOrNull(new byte[] {'\r', '\n'}, 100);
            return new Reading(future, () -> string(future.join()));
        }
    },
    READ_AT_LEAST {
        @Override
        Reading start(AsyncReader reader) {
            ByteBuffer dst = ByteBuffer.allocate(LENGTH);
            return new Reading(reader.readAtLeast(dst, LENGTH), () -> string(dst.flip()));
        }
    },
    /** A peek, and then a read that takes the same bytes. */
    PEEK {
        @Override
        Reading start(AsyncReader reader) {
            CompletableFuture<ByteBuffer> future = reader.peek(LENGTH);
            return new Reading(future, () -> {
                assertEquals(future.join(), Await.value(reader.readExactly(LENGTH)), "after a peek");
                return string(future.join());
            });
        }
    },
    READ_LINE {
        @Override
        Reading start(AsyncReader reader) {
            CompletableFuture<String> future = reader.readLine();
            return new Reading(future, () -> future.join() + "\r\n");
        }
    },
    EXPECT_LINE {
        @Override
        Reading start(AsyncReader reader) {
            CompletableFuture<String> future = reader.expectLine();
            return new Reading(future, () -> future.join() + "\r\n");
        }
    },
    READ_MESSAGE {
        @Override
        Reading start(AsyncReader reader) {
            CompletableFuture<String> future = reader.readMessage(DECODER);
            return new Reading(future, future::join);
        }
    },
    EXPECT_MESSAGE {
        @Override
        Reading start(AsyncReader reader) {
            CompletableFuture<String> future = reader.expectMessage(DECODER);
            return new Reading(future, future::join);
        }
    };

    /** The message for every mode, a line that ends with CRLF and is exactly {@link #LENGTH} bytes long. */
    static final String MESSAGE = "hello, world\r\n";

    static final int LENGTH = MESSAGE.length();

    /** Decodes {@link #LENGTH} bytes. If bytes are missing, the {@code BufferUnderflowException} asks for more. */
    static final Decoder<String> DECODER = (in, seen) -> {
        byte[] bytes = new byte[LENGTH];
        in.get(bytes);
        return new String(bytes, UTF_8);
    };

    /** Starts a read of the message. */
    abstract Reading start(AsyncReader reader);

    /** Returns the name of the method, such as {@code readExactly} for {@code READ_EXACTLY}. */
    String method() {
        StringBuilder method = new StringBuilder();
        for (String word : name().toLowerCase(Locale.ROOT).split("_")) {
            method.append(
                    method.length() == 0 ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return method.toString();
    }

    /** Returns the number of bytes that the mode expects, or -1 if the number is unknown before the message. */
    int expected() {
        return List.of(READ_EXACTLY, READ_FULLY, READ_AT_LEAST, PEEK).contains(this) ? LENGTH : -1;
    }

    /** The future of a started read, and a supplier of the message. The supplier needs the completed future. */
    record Reading(CompletableFuture<?> future, Supplier<String> result) {
        String text() {
            Await.value(future);
            return result.get();
        }
    }

    static String string(ByteBuffer bytes) {
        return UTF_8.decode(bytes.duplicate()).toString();
    }
}

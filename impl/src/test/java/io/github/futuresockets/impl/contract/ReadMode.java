package io.github.futuresockets.impl.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.futuresockets.AsyncReader;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.impl.support.Await;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Every way of reading the message {@link #MESSAGE}; what holds for one of them has to hold for all. */
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
    };

    /** The message of every mode: a line, and as long as it is. */
    static final String MESSAGE = "hello, world\r\n";

    static final int LENGTH = MESSAGE.length();

    /** A message by its length: the underflow says that it is not complete. */
    static final Decoder<String> DECODER = (in, seen) -> {
        byte[] bytes = new byte[LENGTH];
        in.get(bytes);
        return new String(bytes, UTF_8);
    };

    /** Starts to read the message. */
    abstract Reading start(AsyncReader reader);

    /** A read that goes on: its own future, and the message once that is done. */
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

package io.github.futuresockets.bench.peer;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.MessageSocket;
import io.github.futuresockets.codec.Codec;
import io.github.futuresockets.codec.Codecs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;

/** An echo server of Future Sockets for frames. Each frame is decoded to a payload of its own and encoded again. */
final class FacadeFrames extends FacadePeer {
    /** The ways to serve messages. */
    enum Way {
        /** Each frame is sent by a write with a future of its own. */
        FOR_EACH {
            @Override
            CompletableFuture<Void> echo(MessageSocket<byte[], byte[]> frames) {
                return frames.forEach(frames::send);
            }
        },
        /** All frames that have arrived are read together, and sent by a single write. */
        BATCHES {
            @Override
            CompletableFuture<Void> echo(MessageSocket<byte[], byte[]> frames) {
                return AsyncLoop.forEach(() -> frames.receiveMany(64), frames::sendAll);
            }
        },
        /** A handler gets each frame, and sends replies without a future. */
        HANDLE {
            @Override
            CompletableFuture<Void> echo(MessageSocket<byte[], byte[]> frames) {
                return frames.handle((frame, replies) -> {
                    replies.send(frame);
                    return null;
                });
            }
        };

        abstract CompletableFuture<Void> echo(MessageSocket<byte[], byte[]> frames);
    }

    private final Codec<byte[]> codec = Codecs.lengthPrefixed(4, ByteOrder.BIG_ENDIAN, Protocol.LARGEST_FRAME)
            .map(ByteBuffer::array, ByteBuffer::wrap);
    private final Way way;

    FacadeFrames(String provider, Way way) {
        super(provider, Protocol.FRAMES);
        this.way = way;
    }

    @Override
    void converse(AsyncSocket socket, int buffer) {
        way.echo(socket.messages(codec)).whenComplete((none, failure) -> {
            if (failure != null) {
                socket.abort();
            } else {
                socket.close();
            }
        });
    }
}

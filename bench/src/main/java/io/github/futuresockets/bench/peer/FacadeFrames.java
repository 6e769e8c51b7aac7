package io.github.futuresockets.bench.peer;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.MessageSocket;
import io.github.futuresockets.codec.Codec;
import io.github.futuresockets.codec.Codecs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** An echo server of Future Sockets for frames. Each frame is decoded to a payload of its own and encoded again. */
final class FacadeFrames extends FacadePeer {
    private final Codec<ByteBuffer> codec = Codecs.lengthPrefixed(4, ByteOrder.BIG_ENDIAN, Protocol.LARGEST_FRAME);

    FacadeFrames(String provider) {
        super(provider, Protocol.FRAMES);
    }

    @Override
    void converse(AsyncSocket socket, int buffer) {
        MessageSocket<ByteBuffer, ByteBuffer> frames = socket.messages(codec);
        frames.forEach(frames::send).whenComplete((none, failure) -> {
            if (failure != null) {
                socket.abort();
            } else {
                socket.close();
            }
        });
    }
}

package io.github.futuresockets.bench;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.codec.Codec;
import java.nio.ByteBuffer;

/** An echo of frames: each is decoded to a payload of its own, which is encoded again. */
final class FacadeFrames extends FacadePeer {
    private final Codec<ByteBuffer> codec = new FrameCodec(Protocol.LARGEST_FRAME);

    FacadeFrames(String provider) {
        super(provider);
    }

    @Override
    void converse(AsyncSocket socket, int buffer) {
        AsyncLoop.forEach(() -> socket.readMessage(codec), frame -> socket.writeMessage(frame, codec))
                .whenComplete((none, failure) -> {
                    if (failure != null) {
                        socket.abort();
                    } else {
                        socket.close();
                    }
                });
    }
}

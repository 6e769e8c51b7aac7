package io.github.futuresockets.impl.stress;

import io.github.futuresockets.codec.Codec;
import java.nio.ByteBuffer;

/** A codec for messages of a number in four bytes. */
final class Numbers {
    static final Codec<Integer> CODEC = Codec.of(
            (in, seen) -> in.getInt(),
            number -> ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());

    private Numbers() {}
}

package io.github.futuresockets.impl.connection;

import java.nio.ByteBuffer;

/** A read of a fixed number of characters of a byte each. Without the last character, the result at the end is null. */
class TextRead extends Read<String> {
    private final int length;

    TextRead(ReadSide side, int length) {
        super(side);
        this.length = length;
    }

    @Override
    public String name() {
        return "some";
    }

    @Override
    protected int wants() {
        return length;
    }

    @Override
    protected Object take(ByteBuffer in, int seen, boolean ended) {
        if (in.remaining() < length) {
            return ended ? null : MORE;
        }
        StringBuilder taken = new StringBuilder();
        for (int i = 0; i < length; i++) {
            taken.append((char) in.get());
        }
        return taken.toString();
    }
}

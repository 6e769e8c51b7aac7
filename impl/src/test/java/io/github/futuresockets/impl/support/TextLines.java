package io.github.futuresockets.impl.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.futuresockets.codec.Codec;
import java.nio.ByteBuffer;

/** A codec for lines of text. A message ends with LF. */
public final class TextLines implements Codec<String> {
    /** The only instance. */
    public static final Codec<String> CODEC = new TextLines();

    private TextLines() {}

    @Override
    public String decode(ByteBuffer in, int seen) {
        for (int end = in.position() + seen; end < in.limit(); end++) {
            if (in.get(end) == '\n') {
                byte[] text = new byte[end - in.position()];
                in.get(text);
                in.get();
                return new String(text, UTF_8);
            }
        }
        return null;
    }

    @Override
    public int limit() {
        return 1 << 20;
    }

    @Override
    public ByteBuffer encode(String message) {
        return ByteBuffer.wrap((message + "\n").getBytes(UTF_8));
    }
}

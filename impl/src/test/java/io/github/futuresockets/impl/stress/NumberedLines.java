package io.github.futuresockets.impl.stress;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.futuresockets.codec.Codec;
import java.nio.ByteBuffer;

/** A codec for lines that consist of a number and a tail. The number determines the tail. */
final class NumberedLines implements Codec<Integer> {
    static final Codec<Integer> CODEC = new NumberedLines();

    private static final String DOTS = ".".repeat(100);

    private NumberedLines() {}

    /** Returns the line of a number, without LF. Most lines are short. */
    static String line(int number) {
        int tail = number % 16 == 0 ? number * 31 % 97 : number % 11;
        return number + DOTS.substring(0, Math.abs(tail));
    }

    /** Returns the number of a line. Fails if the line is not whole. */
    static int number(String line) {
        int dot = line.indexOf('.');
        int number = Integer.parseInt(dot < 0 ? line : line.substring(0, dot));
        if (!line.equals(line(number))) {
            throw new IllegalArgumentException("not a whole line: " + line);
        }
        return number;
    }

    @Override
    public Integer decode(ByteBuffer in, int seen) {
        for (int end = in.position() + seen; end < in.limit(); end++) {
            if (in.get(end) == '\n') {
                byte[] line = new byte[end - in.position()];
                in.get(line);
                in.get();
                return number(new String(line, US_ASCII));
            }
        }
        return null;
    }

    @Override
    public int limit() {
        return 1 << 10;
    }

    @Override
    public ByteBuffer encode(Integer number) {
        return ByteBuffer.wrap((line(number) + "\n").getBytes(US_ASCII));
    }
}

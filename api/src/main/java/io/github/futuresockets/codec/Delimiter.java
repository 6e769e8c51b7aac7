package io.github.futuresockets.codec;

import java.nio.ByteBuffer;

/** The delimiter of a message, and the search for the delimiter. Immutable. */
final class Delimiter {
    private final byte[] bytes;
    /** The unit of the offsets where the delimiter may begin, in bytes. */
    private final int step;

    /** Creates a delimiter that begins at a multiple of {@code step} bytes from the start of the message. */
    public Delimiter(byte[] bytes, int step) {
        this.bytes = bytes;
        this.step = step;
    }

    /** Returns the number of bytes of the delimiter. */
    int length() {
        return bytes.length;
    }

    /** Appends the delimiter to {@code out}. */
    void put(ByteBuffer out) {
        out.put(bytes);
    }

    /**
     * Returns the length of the first message, including the delimiter. Returns -1 if the first {@code limit} bytes
     * have no delimiter. The search skips every place where the delimiter would end within the first {@code seen}
     * bytes, because the previous search examined these places.
     */
    public int find(ByteBuffer in, int seen, int limit) {
        int behind = bytes.length - 1;
        byte last = bytes[behind];
        int start = in.position();
        int end = start + Math.min(in.remaining(), limit);
        int first = (Math.max(0, seen - behind) + step - 1) / step * step;
        for (int i = start + first + behind; i < end; i += step) {
            if (in.get(i) == last && endsAt(in, i)) {
                return i + 1 - start;
            }
        }
        return -1;
    }

    /** Returns true if the delimiter ends at index {@code last}. The last byte is not compared. */
    private boolean endsAt(ByteBuffer in, int last) {
        for (int i = 1; i < bytes.length; i++) {
            if (in.get(last - i) != bytes[bytes.length - 1 - i]) {
                return false;
            }
        }
        return true;
    }
}

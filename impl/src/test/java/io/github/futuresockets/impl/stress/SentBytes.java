package io.github.futuresockets.impl.stress;

import java.util.Arrays;

/** The sent and still unread bytes of a connection. Confined to a single thread. */
final class SentBytes {
    private byte[] bytes = new byte[4_096];
    private int from;
    private int to;
    private long before;

    void append(byte[] chunk) {
        if (bytes.length - to < chunk.length) {
            byte[] grown = new byte[2 * (to - from + chunk.length) + 4_096];
            System.arraycopy(bytes, from, grown, 0, to - from);
            bytes = grown;
            to -= from;
            from = 0;
        }
        System.arraycopy(chunk, 0, bytes, to, chunk.length);
        to += chunk.length;
    }

    int outstanding() {
        return to - from;
    }

    byte[] rest() {
        return Arrays.copyOfRange(bytes, from, to);
    }

    void take(int count) {
        from += count;
        before += count;
    }

    @Override
    public String toString() {
        return "sent and not read, from byte " + before + " on: " + Expected.show(rest());
    }
}

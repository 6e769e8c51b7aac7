package io.github.futuresockets.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Several delimiters, and the search for the first of them. The earliest place wins, and the longest delimiter at the
 * place. Immutable.
 */
final class Delimiters {
    /** The delimiters, the longest first. */
    private final byte[][] longestFirst;

    Delimiters(byte[]... delimiters) {
        longestFirst = delimiters.clone();
        Arrays.sort(longestFirst, Comparator.comparingInt((byte[] each) -> -each.length));
    }

    /**
     * Returns the number of bytes before the first delimiter. Returns -1 if the bytes have no delimiter, or if further
     * bytes decide. Further bytes decide if the bytes end within a delimiter that would be longer or earlier.
     *
     * @param end the index behind the bytes to search
     * @param seen the number of bytes of the previous search, without a result. Each place with as many bytes behind as
     *     the longest delimiter has is skipped.
     * @param last true if no further bytes can follow
     */
    int find(ByteBuffer in, int end, int seen, boolean last) {
        int start = in.position();
        for (int at = start + Math.max(0, seen - longestFirst[0].length + 1); at < end; at++) {
            int length = lengthAt(in, at, end, last);
            if (length != 0) {
                return length < 0 ? -1 : at - start;
            }
        }
        return -1;
    }

    /** Returns the length of the delimiter at an index. Returns 0 if none is there, and -1 if further bytes decide. */
    int lengthAt(ByteBuffer in, int at, int end, boolean last) {
        for (byte[] delimiter : longestFirst) {
            int most = Math.min(delimiter.length, end - at);
            int equal = 0;
            while (equal < most && in.get(at + equal) == delimiter[equal]) {
                equal++;
            }
            if (equal == delimiter.length) {
                return equal;
            }
            if (equal == most && !last && most < delimiter.length) {
                return -1;
            }
        }
        return 0;
    }
}

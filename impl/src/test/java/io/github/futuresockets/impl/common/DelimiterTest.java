package io.github.futuresockets.impl.common;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.impl.support.Seeds;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compares the search for a delimiter with the search in a string. */
class DelimiterTest {

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append("ab".charAt(random.nextInt(2)));
        }
        return text.toString();
    }

    private static ByteBuffer buffer(Random random, String text) {
        int before = random.nextInt(3);
        ByteBuffer buffer = ByteBuffer.wrap(("ab".repeat(before) + text + "abba").getBytes(UTF_8));
        return buffer.limit(2 * before + text.length()).position(2 * before);
    }

    @Test
    void find_randomText_findsFirstAndPossibleStart() {
        Random random = Seeds.random("findsTheFirst");
        for (int i = 0; i < 200_000; i++) {
            String text = text(random, random.nextInt(12));
            String wanted = text(random, 1 + random.nextInt(5));
            Delimiter delimiter = new Delimiter(wanted.getBytes(UTF_8));
            ByteBuffer in = buffer(random, text);
            int at = text.indexOf(wanted);
            int end = at < 0 ? -1 : at + wanted.length();
            int seen = random.nextInt(text.length() + 1);
            if (at >= 0) {
                seen = Math.min(seen, end - 1);
            }
            String what = wanted + " in " + text + ", seen " + seen;
            assertEquals(end, delimiter.find(in, seen, Integer.MAX_VALUE), what);
            int limit = random.nextInt(14);
            assertEquals(end <= limit ? end : -1, delimiter.find(in, seen, limit), what + ", limit " + limit);
            int begun = wanted.length() - 1;
            while (!text.endsWith(wanted.substring(0, begun))) {
                begun--;
            }
            assertEquals(begun, delimiter.begun(in), what);
        }
    }

    /** Overwrites the searched bytes with delimiters, except for bytes that may begin a delimiter. */
    @Test
    void find_resumed_neverRereadsBytes() {
        for (String wanted : new String[] {"\n", "\r\n", "--boundary"}) {
            Delimiter delimiter = new Delimiter(wanted.getBytes(UTF_8));
            byte[] bytes = ("x".repeat(500) + wanted).getBytes(UTF_8);
            for (int seen = 0; seen < bytes.length; seen++) {
                int searched = seen - wanted.length() + 1;
                for (int i = 0; i < searched; i++) {
                    bytes[i] = (byte) wanted.charAt(Math.floorMod(i - searched, wanted.length()));
                }
                assertEquals(bytes.length, delimiter.find(ByteBuffer.wrap(bytes), seen, bytes.length), "seen " + seen);
            }
        }
    }
}

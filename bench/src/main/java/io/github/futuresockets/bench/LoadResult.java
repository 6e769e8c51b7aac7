package io.github.futuresockets.bench;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a load has seen in its counted time.
 *
 * @param messages how many came back
 * @param bytes how many came back
 * @param seconds how long it took
 * @param p50 half of the messages were back after so many microseconds
 * @param p99 99 of 100 messages were back after so many microseconds
 * @param serverSeconds CPU time of the server, all its threads; 0: not asked for
 * @param others how much of one CPU was used by neither the load nor the server, in percent; with an unknown server this
 *     is the server's too
 */
record LoadResult(
        long messages, long bytes, double seconds, double p50, double p99, double serverSeconds, double others) {

    /** Reads what {@link #toString} has written, wherever it stands in the line. */
    static LoadResult parse(String line) {
        Map<String, String> fields = new HashMap<>();
        for (String word : line.trim().split(" ")) {
            int equals = word.indexOf('=');
            fields.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return new LoadResult(
                Long.parseLong(fields.get("messages")),
                Long.parseLong(fields.get("bytes")),
                Double.parseDouble(fields.get("seconds")),
                Double.parseDouble(fields.get("p50-us")),
                Double.parseDouble(fields.get("p99-us")),
                Double.parseDouble(fields.getOrDefault("server-seconds", "0")),
                Double.parseDouble(fields.getOrDefault("others-percent", "0")));
    }

    double messagesPerSecond() {
        return messages / seconds;
    }

    double serverMicrosPerMessage() {
        return serverSeconds * 1e6 / messages;
    }

    /** How much of one CPU the server used, in percent; at 100 nothing but a one-threaded server limits the load. */
    double serverBusy() {
        return 100 * serverSeconds / seconds;
    }

    @Override
    public String toString() {
        String seen = String.format(
                Locale.ROOT,
                "messages=%d bytes=%d seconds=%.6f messages/s=%.0f MB/s=%.1f p50-us=%.1f p99-us=%.1f",
                messages,
                bytes,
                seconds,
                messagesPerSecond(),
                bytes / seconds / 1e6,
                p50,
                p99);
        if (serverSeconds == 0) {
            return seen;
        }
        return seen
                + String.format(
                        Locale.ROOT,
                        " server-seconds=%.6f server-us/message=%.3f server-busy-percent=%.0f others-percent=%.0f",
                        serverSeconds,
                        serverMicrosPerMessage(),
                        serverBusy(),
                        others);
    }
}

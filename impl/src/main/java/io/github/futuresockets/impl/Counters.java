package io.github.futuresockets.impl;

import io.github.futuresockets.ConnectionStats;
import io.github.futuresockets.SocketStats;
import java.util.concurrent.atomic.LongAdder;

/** What happens to connections, counted by any thread. What they move they count themselves. */
final class Counters {
    final LongAdder connected = new LongAdder();
    final LongAdder accepted = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder acceptFailures = new LongAdder();

    ConnectionStats with(long open, SocketStats traffic) {
        return new ConnectionStats(
                connected.sum(), accepted.sum(), rejected.sum(), open, acceptFailures.sum(), traffic);
    }
}

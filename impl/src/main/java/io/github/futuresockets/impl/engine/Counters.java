package io.github.futuresockets.impl.engine;

import io.github.futuresockets.ConnectionStats;
import io.github.futuresockets.SocketStats;
import java.util.concurrent.atomic.LongAdder;

/** The numbers of connects and accepts of an engine. Any thread counts. Each connection counts its own bytes. */
final class Counters {
    final LongAdder connected = new LongAdder();
    final LongAdder accepted = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder acceptFailures = new LongAdder();

    /** Returns the statistics of the engine, with these numbers, the open connections and the traffic. */
    ConnectionStats with(long open, SocketStats traffic) {
        return new ConnectionStats(
                connected.sum(), accepted.sum(), rejected.sum(), open, acceptFailures.sum(), traffic);
    }
}

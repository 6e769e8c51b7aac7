/** Benchmarks, peers and the demonstration. */
module io.github.futuresockets.bench {
    requires io.github.futuresockets.impl;
    requires jmh.core;
}

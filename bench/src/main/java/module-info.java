/** Benchmarks, peers and the demonstration. */
module io.github.futuresockets.bench {
    requires static org.jspecify;
    requires io.github.futuresockets.impl;
    requires jmh.core;
    requires java.management;
    requires jdk.attach;
}

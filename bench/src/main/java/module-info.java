/** Benchmarks, peers and the demonstration. */
module io.github.futuresockets.bench {
    requires static org.jspecify;
    requires io.github.futuresockets.impl;
    requires jmh.core;
    requires HdrHistogram;
    requires com.google.gson;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.classes.io_uring;
    requires io.vertx.core;
    requires reactor.netty.core;
    requires org.reactivestreams;
    requires aio.core;
    requires java.management;
    requires jdk.attach;
    requires jdk.management;

    opens io.github.futuresockets.bench.compare to
            com.google.gson;
    opens io.github.futuresockets.bench.load to
            com.google.gson;
    opens io.github.futuresockets.bench.result to
            com.google.gson;
}

/** The facade over NIO.2 asynchronous channels, and a provider of such channels over event loops. */
module io.github.futuresockets.impl {
    requires static org.jspecify;
    requires static jdk.jfr;
    requires transitive io.github.futuresockets;

    exports io.github.futuresockets.loop;

    provides io.github.futuresockets.spi.SocketProvider with
            io.github.futuresockets.impl.LoopProvider,
            io.github.futuresockets.impl.MemoryProvider,
            io.github.futuresockets.impl.Nio2Provider;
}

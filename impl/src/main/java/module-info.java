/**
 * The implementation of the sockets, and a provider of asynchronous channels over event loops.
 *
 * <p>The package {@link io.github.futuresockets.loop} can be used alone. {@link java.util.ServiceLoader} finds the
 * providers of sockets.
 *
 * @provides io.github.futuresockets.spi.SocketProvider the providers "loop", "nio2" and "memory"
 */
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

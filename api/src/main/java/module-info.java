/**
 * TCP sockets whose every operation returns a {@link java.util.concurrent.CompletableFuture}.
 *
 * @uses io.github.futuresockets.spi.SocketProvider to find what opens the sockets
 */
module io.github.futuresockets {
    requires static org.jspecify;

    exports io.github.futuresockets;
    exports io.github.futuresockets.codec;
    exports io.github.futuresockets.spi;

    uses io.github.futuresockets.spi.SocketProvider;
}

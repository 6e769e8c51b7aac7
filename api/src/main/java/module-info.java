/**
 * TCP sockets with operations that return a {@link java.util.concurrent.CompletableFuture}.
 *
 * @uses io.github.futuresockets.spi.SocketProvider for the providers of sockets
 */
@SuppressWarnings("module") // the module of the qualified exports is compiled after this module
module io.github.futuresockets {
    requires static org.jspecify;

    exports io.github.futuresockets;
    exports io.github.futuresockets.codec;
    exports io.github.futuresockets.spi;
    exports io.github.futuresockets.future to
            io.github.futuresockets.impl;
    exports io.github.futuresockets.compose to
            io.github.futuresockets.impl;

    uses io.github.futuresockets.spi.SocketProvider;
}

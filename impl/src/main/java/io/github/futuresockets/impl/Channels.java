package io.github.futuresockets.impl;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.NetworkChannel;
import org.jspecify.annotations.Nullable;

/** What makes transports: with {@link Transport} and {@link Loop}, all that differs from provider to provider. */
interface Channels {
    /** Whether addresses of this kind can be used. */
    boolean supports(SocketAddress address);

    /** A channel of a socket for addresses of this kind, on which options can be tried. To be closed by the caller. */
    NetworkChannel probe(SocketAddress address) throws IOException;

    /**
     * Starts to connect.
     *
     * @return an attempt that calls back once, on a loop's thread, unless this throws
     */
    Attempt connect(SocketAddress remote, ConnectSettings settings, ConnectCallback callback) throws IOException;

    /** Listens. The listener takes no connection before it is asked to. */
    Listener listen(SocketAddress local, ListenSettings settings, AcceptCallback callback) throws IOException;

    /** A connect in progress. */
    interface Attempt {
        /** Closes the channel; the callback gets a failure if it has not been called yet. From any thread. */
        void close();
    }

    /** Gets a transport or a failure. */
    interface ConnectCallback {
        void connected(@Nullable Transport transport, @Nullable Throwable failure);
    }

    /** Gets transports and failures, on any I/O thread. */
    interface AcceptCallback {
        void accepted(@Nullable Transport transport, @Nullable Throwable failure);
    }

    /** A listening channel, or several that act as one. */
    interface Listener {
        SocketAddress localAddress();

        /** Asks for a connection of each channel that is not asked already. From any thread. */
        void want();

        /** Closes the channels, and then says so. From any thread. */
        void close(Runnable closed);
    }
}

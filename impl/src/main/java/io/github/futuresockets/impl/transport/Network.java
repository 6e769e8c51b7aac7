package io.github.futuresockets.impl.transport;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.NetworkChannel;
import org.jspecify.annotations.Nullable;

/** A factory of transports. A provider consists of a network, its {@link Transport}s and its {@link IoLoop}s. */
public interface Network {
    /** Returns true if the network supports addresses of this kind. */
    boolean supports(SocketAddress address);

    /** Returns an unconnected channel for a trial of socket options. The caller closes the channel. */
    NetworkChannel probe(SocketAddress address) throws IOException;

    /**
     * Starts to connect.
     *
     * @param remote the remote address
     * @param settings the options
     * @param callback called once on a thread of a loop, unless this method throws
     * @return the connect in progress
     */
    Attempt connect(SocketAddress remote, ConnectSettings settings, ConnectCallback callback) throws IOException;

    /** Opens a listener. The listener accepts no connection before {@link Listener#want}. */
    Listener listen(SocketAddress local, ListenSettings settings, AcceptCallback callback) throws IOException;

    /** A connect in progress. */
    interface Attempt {
        /** Closes the channel. A pending callback receives a failure. Callable from any thread. */
        void close();
    }

    /** The receiver of a transport or a failure. The other argument is null. */
    interface ConnectCallback {
        /** Receives the outcome of the connect. */
        void connected(@Nullable Transport transport, @Nullable Throwable failure);
    }

    /** The receiver of accepted transports and of failures. Called on any I/O thread. */
    interface AcceptCallback {
        /** Receives a transport or a failure. */
        void accepted(@Nullable Transport transport, @Nullable Throwable failure);
    }

    /** A listening channel, or several channels that act as a single listener. */
    interface Listener {
        /** Returns the bound address. */
        SocketAddress localAddress();

        /** Asks each channel without a pending request for a connection. Callable from any thread. */
        void want();

        /** Closes the channels, and then calls {@code closed}. Callable from any thread. */
        void close(Runnable closed);
    }
}

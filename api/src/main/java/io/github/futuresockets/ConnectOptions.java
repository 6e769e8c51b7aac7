package io.github.futuresockets;

import java.net.SocketAddress;
import java.net.SocketOption;
import java.time.Duration;

/** What is special to one connect. Each method sets one option and returns this. */
public interface ConnectOptions {

    /**
     * Binds the socket before it connects. With a port other than 0 the addresses of a name are tried one after the other, since
     * only one attempt can have the port: each but the last for an equal share of the time that is left, and for 5 s at most.
     *
     * @param local an address of this machine; port 0: any free one
     * @return this
     */
    ConnectOptions local(SocketAddress local);

    /**
     * Bounds this connect as a whole.
     *
     * @param timeout instead of that of the {@link AsyncSockets}; {@link Duration#ZERO}: off
     * @return this
     */
    ConnectOptions timeout(Duration timeout);

    /**
     * Sets an option on the socket if it has it, behind those of the {@link AsyncSockets}.
     *
     * @param <T> the type of the value
     * @param name the option
     * @param value its value; one that is out of range is told by the connect, with an {@link IllegalArgumentException}
     * @return this
     */
    <T> ConnectOptions option(SocketOption<T> name, T value);

    /**
     * Encrypts the connection: the connect is done when the handshake is. See {@link AsyncSockets#connectTls}.
     *
     * @param options mostly {@link TlsOptions#client()}
     * @return this
     */
    ConnectOptions tls(TlsOptions options);
}

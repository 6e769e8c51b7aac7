package io.github.futuresockets;

import java.net.SocketAddress;
import java.net.SocketOption;
import java.time.Duration;

/** The options of a single connect. Each method sets an option and returns the same object. */
public interface ConnectOptions {

    /**
     * Binds the socket before the connect. With a port other than 0, only a single attempt at a time can use the port,
     * so the addresses of a name are tried sequentially. Each attempt but the last has an equal share of the time that
     * is left, and at most 5 s.
     *
     * @param local an address of this machine; port 0 selects any free port
     * @return this
     */
    ConnectOptions local(SocketAddress local);

    /**
     * Sets the time-out of the whole connect.
     *
     * @param timeout the time-out, in place of the default of the {@link AsyncSockets}; {@link Duration#ZERO} turns the
     *     time-out off
     * @return this
     */
    ConnectOptions timeout(Duration timeout);

    /**
     * Sets an option on the socket, after the options of the {@link AsyncSockets}. An option that the socket does not
     * support is ignored.
     *
     * @param <T> the type of the value
     * @param name the option
     * @param value the value. If the value is out of range, the connect fails with an {@link IllegalArgumentException}.
     * @return this
     */
    <T> ConnectOptions option(SocketOption<T> name, T value);

    /**
     * Encrypts the connection. The connect completes when the TLS handshake is complete. See
     * {@link AsyncSockets#connectTls}.
     *
     * @param options the TLS options, mostly {@link TlsOptions#client()}
     * @return this
     */
    ConnectOptions tls(TlsOptions options);
}

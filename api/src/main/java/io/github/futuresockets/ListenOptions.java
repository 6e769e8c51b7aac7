package io.github.futuresockets;

import java.net.SocketOption;

/** The options of a single listener. Each method sets an option and returns the same object. */
public interface ListenOptions {

    /**
     * Sets the number of connections that the kernel keeps until they are accepted.
     *
     * @param connections the number, at least 1. The default is 1,024. The kernel may use a lower number.
     * @return this
     */
    ListenOptions backlog(int connections);

    /**
     * Limits the number of accepted connections that are open at the same time. At the limit the listener stops to
     * accept, and new connections wait in the backlog of the kernel.
     *
     * @param connections the limit, at least 1. The default is no limit.
     * @return this
     */
    ListenOptions maxConnections(int connections);

    /**
     * Sets an option on the listener and on every socket that the listener accepts, after the options of the
     * {@link AsyncSockets}. An option that the listener or a socket does not support is ignored there.
     *
     * @param <T> the type of the value
     * @param name the option
     * @param value the value. If the value is out of range, the listen throws an {@link IllegalArgumentException}.
     * @return this
     */
    <T> ListenOptions option(SocketOption<T> name, T value);

    /**
     * Encrypts every connection. {@code accept} and {@code serve} return a socket after its handshake is complete.
     * Handshakes run concurrently and do not delay other accepted connections. A connection in its handshake counts
     * towards {@link #maxConnections}.
     *
     * <p>A failed handshake ends its own connection only. The failure is reported to
     * {@link AsyncSockets.Builder#onError} and counted by {@link ConnectionStats#rejected}.
     *
     * <p>If the context does not support a protocol or cipher suite of the options, {@code listen} throws an
     * {@link IllegalArgumentException} before a port is bound.
     *
     * @param options the TLS options, mostly {@link TlsOptions#server}. Options of {@link TlsOptions#client()} are
     *     allowed too.
     * @return this
     */
    ListenOptions tls(TlsOptions options);
}

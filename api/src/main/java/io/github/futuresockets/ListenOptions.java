package io.github.futuresockets;

import java.net.SocketOption;

/** What is special to one listener. Each method sets one option and returns this. */
public interface ListenOptions {

    /**
     * How many connections the kernel keeps that nobody has accepted yet.
     *
     * @param connections at least 1; by default 1,024; the kernel may allow less
     * @return this
     */
    ListenOptions backlog(int connections);

    /**
     * How many accepted connections may be open at a time. Beyond that nothing is accepted, and those who come wait in the
     * backlog.
     *
     * @param connections at least 1; by default there is no limit
     * @return this
     */
    ListenOptions maxConnections(int connections);

    /**
     * Sets an option on the listener if it has it, and on every socket that it accepts and that has it, behind those of the
     * {@link AsyncSockets}.
     *
     * @param <T> the type of the value
     * @param name the option
     * @param value its value; one that is out of range is told by the listen, with an {@link IllegalArgumentException}
     * @return this
     */
    <T> ListenOptions option(SocketOption<T> name, T value);

    /**
     * Encrypts every connection: {@code accept} and {@code serve} give sockets whose handshake is done. Handshakes hold up neither
     * each other nor those who wait to be accepted, and count for {@link #maxConnections}. One that fails ends its connection
     * and nothing else; {@link AsyncSockets.Builder#onError} is told, and {@link ConnectionStats#rejected} counts it.
     *
     * @param options for either end of a connection, mostly {@link TlsOptions#server}
     * @return this
     */
    ListenOptions tls(TlsOptions options);
}

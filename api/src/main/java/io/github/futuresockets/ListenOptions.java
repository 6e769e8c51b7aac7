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
     * @param value its value
     * @return this
     */
    <T> ListenOptions option(SocketOption<T> name, T value);
}

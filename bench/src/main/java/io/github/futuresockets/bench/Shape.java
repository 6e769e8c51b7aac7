package io.github.futuresockets.bench;

/**
 * What a load looks like.
 *
 * @param protocol what a message is
 * @param connections how many
 * @param size the bytes of a message's payload
 * @param depth how many messages each connection has in flight; 0: each message has a connection of its own
 */
record Shape(Protocol protocol, int connections, int size, int depth) {

    static Shape from(Arguments arguments, int connections) throws UsageException {
        Protocol protocol = Protocol.from(arguments);
        boolean frames = protocol == Protocol.FRAMES;
        return new Shape(
                protocol,
                arguments.number("connections", connections, 1, 60_000),
                arguments.number("size", protocol.defaultSize(), 1, frames ? Protocol.LARGEST_FRAME : 1 << 24),
                arguments.number("depth", 1, frames ? 1 : 0, 65_536));
    }

    /** The bytes of a message on the wire. */
    int bytes() {
        return protocol.bytes(size);
    }

    @Override
    public String toString() {
        return "protocol=" + protocol + " connections=" + connections + " size=" + size + " depth=" + depth;
    }
}

package io.github.futuresockets.bench.load;

import io.github.futuresockets.bench.common.Arguments;
import io.github.futuresockets.bench.common.UsageException;
import io.github.futuresockets.bench.peer.Protocol;

/**
 * What a load looks like.
 *
 * @param protocol what a message is
 * @param connections how many
 * @param size the bytes of a message's payload
 * @param depth how many messages each connection has in flight; 0: each message has a connection of its own
 * @param rate how many messages are sent in a second, whatever has come back; 0: as many as come back
 */
public record Shape(Protocol protocol, int connections, int size, int depth, int rate) {

    /** A closed loop. */
    public Shape(Protocol protocol, int connections, int size, int depth) {
        this(protocol, connections, size, depth, 0);
    }

    public static Shape from(Arguments arguments, int connections) throws UsageException {
        Protocol protocol = Protocol.from(arguments);
        boolean frames = protocol == Protocol.FRAMES;
        Shape shape = new Shape(
                protocol,
                arguments.number("connections", connections, 1, 60_000),
                arguments.number("size", protocol.defaultSize(), 1, frames ? Protocol.LARGEST_FRAME : 1 << 24),
                arguments.number("depth", 1, frames ? 1 : 0, 65_536),
                arguments.number("rate", 0, 0, 10_000_000));
        if (shape.isOpenLoop() && shape.depth != 1) {
            throw new UsageException("--rate and --depth exclude each other");
        }
        return shape;
    }

    /** Whether messages are sent at a rate of their own: only so is a latency what a user would see. */
    public boolean isOpenLoop() {
        return rate > 0;
    }

    /** The bytes of a message on the wire. */
    int bytes() {
        return protocol.bytes(size);
    }

    @Override
    public String toString() {
        return "protocol=" + protocol + " connections=" + connections + " size=" + size
                + (isOpenLoop() ? " rate=" + rate : " depth=" + depth);
    }
}

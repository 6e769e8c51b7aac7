package io.github.futuresockets.bench.load;

import io.github.futuresockets.bench.common.Arguments;
import io.github.futuresockets.bench.common.UsageException;
import io.github.futuresockets.bench.peer.Protocol;

/**
 * The form of a load.
 *
 * @param protocol the protocol of the messages
 * @param connections the number of connections
 * @param size the bytes of a message's payload
 * @param depth the number of messages in flight on each connection of a closed loop, or 0 for a new connection with
 *     each message
 * @param rate the number of messages in a second of an open loop, or 0 for a closed loop
 */
public record Shape(Protocol protocol, int connections, int size, int depth, int rate) {

    /** Creates the shape of a closed loop. */
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

    /**
     * Returns true if messages are sent at a fixed rate, independent of their echoes. Only an open loop measures the
     * latency that a user would see.
     */
    public boolean isOpenLoop() {
        return rate > 0;
    }

    /** Returns the bytes of a message on the wire. */
    int bytes() {
        return protocol.bytes(size);
    }

    @Override
    public String toString() {
        return "protocol=" + protocol + " connections=" + connections + " size=" + size
                + (isOpenLoop() ? " rate=" + rate : " depth=" + depth);
    }
}

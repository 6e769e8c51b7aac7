package io.github.futuresockets.bench;

/**
 * What a load looks like.
 *
 * @param connections how many
 * @param size the bytes of a message
 * @param depth how many messages each connection has in flight; 0: each message has a connection of its own
 */
record Shape(int connections, int size, int depth) {

    static Shape from(Arguments arguments, int connections) throws UsageException {
        return new Shape(
                arguments.number("connections", connections, 1, 60_000),
                arguments.number("size", 64, 1, 1 << 24),
                arguments.number("depth", 1, 0, 65_536));
    }

    @Override
    public String toString() {
        return "connections=" + connections + " size=" + size + " depth=" + depth;
    }
}

package io.github.futuresockets.impl.examples;

import io.github.futuresockets.codec.Decoder;
import java.net.ProtocolException;

/** The first byte of a message is its type, and the type decides the length. */
final class TypedMessages {
    private TypedMessages() {}

    /** A message: what it is, and what it says. */
    record Message(char type, byte[] content) {}

    /** A ping says nothing, a counter is an int, a key has sixteen bytes. What is missing is an underflow: more is awaited. */
    static final Decoder<Message> DECODER = (in, seen) -> {
        char type = (char) in.get();
        int length = switch (type) {
            case 'P' -> 0;
            case 'C' -> 4;
            case 'K' -> 16;
            default -> throw new ProtocolException("no message begins with " + (int) type);
        };
        byte[] content = new byte[length];
        in.get(content);
        return new Message(type, content);
    };
}

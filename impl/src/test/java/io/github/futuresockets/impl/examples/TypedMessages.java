package io.github.futuresockets.impl.examples;

import io.github.futuresockets.codec.Decoder;
import java.net.ProtocolException;

/** Messages of several types. The first byte of a message is the type, and the type determines the length. */
final class TypedMessages {
    private TypedMessages() {}

    /** A message with a type and a content. */
    record Message(char type, byte[] content) {}

    /**
     * The content has no bytes in a ping (P), 4 bytes in a counter (C) and 16 bytes in a key (K). For an incomplete
     * message, the decoder throws an underflow exception, and the read waits for more bytes.
     */
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

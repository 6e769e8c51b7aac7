package io.github.futuresockets.impl.examples;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.github.futuresockets.codec.Codecs;
import io.github.futuresockets.codec.Decoder;
import java.net.ProtocolException;
import java.nio.ByteBuffer;

/** Messages of several types. The first byte of a message is the type, and the type determines the content. */
sealed interface TypedMessages {
    record Ping() implements TypedMessages {}

    record Counter(int count) implements TypedMessages {}

    record Key(ByteBuffer bytes) implements TypedMessages {}

    /** The content has no bytes in a ping (P), 4 bytes in a counter (C) and 16 bytes in a key (K). */
    Decoder<TypedMessages> DECODER = Codecs.int8().then(type -> switch (type) {
        case 'P' -> (in, seen) -> new Ping();
        case 'C' -> Codecs.int32(BIG_ENDIAN).map(Counter::new);
        case 'K' -> Codecs.fixedLength(16).map(Key::new);
        default -> throw new ProtocolException("no message begins with " + type);
    });
}

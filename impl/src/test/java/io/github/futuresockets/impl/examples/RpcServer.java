package io.github.futuresockets.impl.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.codec.Codec;
import io.github.futuresockets.codec.Codecs;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Remote calls: a message in, a message out, in the order of the calls whichever is done first. */
final class RpcServer {
    private RpcServer() {}

    /** Text behind its length, a megabyte at most. */
    static final Codec<String> TEXT =
            Codecs.varintPrefixed(1 << 20).map(bytes -> UTF_8.decode(bytes).toString(), UTF_8::encode);

    /** Answers every call; no more than 16 of one connection at once, more of them wait with their client. */
    static void serve(AsyncServerSocket server, Function<String, CompletionStage<String>> procedure) {
        server.serve(socket -> socket.messages(TEXT).answer(procedure, 16));
    }
}

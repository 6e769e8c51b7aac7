package io.github.futuresockets.impl.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.codec.Codec;
import io.github.futuresockets.codec.Codecs;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A server of remote calls. Each message is a call. The replies are sent in the order of the calls. */
final class RpcServer {
    private RpcServer() {}

    /** A text after its length. The text has at most 1 MiB. */
    static final Codec<String> TEXT =
            Codecs.varintPrefixed(1 << 20).map(bytes -> UTF_8.decode(bytes).toString(), UTF_8::encode);

    /** Answers every call. At most 16 calls of a connection are in progress. Further calls stay unread. */
    static void serve(AsyncServerSocket server, Function<String, CompletionStage<String>> procedure) {
        server.serve(socket -> socket.messages(TEXT).answer(procedure, 16));
    }
}

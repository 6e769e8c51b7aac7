package io.github.futuresockets.impl.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.MessageSocket;
import io.github.futuresockets.codec.Codecs;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that replies to each line with the same line in capitals. After the end of the client's stream, the server
 * sends the number of lines. Lines that arrive together are answered in a single write.
 */
final class LineServer {
    private LineServer() {}

    static CompletableFuture<Void> serve(AsyncServerSocket server) {
        return server.serve(LineServer::converse);
    }

    private static CompletableFuture<Void> converse(AsyncSocket socket) {
        MessageSocket<String, String> messages = socket.messages(Codecs.lines(UTF_8, 65_536));
        AtomicInteger lines = new AtomicInteger();
        return AsyncLoop.forEach(() -> messages.receiveMany(100), batch -> {
                    lines.addAndGet(batch.size());
                    batch.replaceAll(line -> line.toUpperCase(Locale.ROOT));
                    return messages.sendAll(batch);
                })
                .thenCompose(end -> messages.send(lines + " lines"));
    }
}

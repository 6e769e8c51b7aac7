package io.github.futuresockets.impl.examples;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** The response to a GET request by HTTP/1.1 (RFC 9112). */
record HttpGet(String status, Map<String, String> headers, ByteBuffer body) {
    /** The most bytes of a body without a Content-Length. */
    private static final int LIMIT = 64 << 20;

    static CompletableFuture<HttpGet> get(AsyncSockets sockets, URI uri) {
        return AsyncScope.using(sockets.connect(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort()), socket -> {
            String request = "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n";
            socket.write(String.format(request, uri.getRawPath(), uri.getAuthority()));
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            CompletableFuture<String> status = socket.expectLine();
            return status.thenCompose(line -> headers(socket, headers))
                    .thenCompose(end -> body(socket, headers))
                    .thenApply(body -> new HttpGet(status.join(), headers, body));
        });
    }

    private static CompletableFuture<Void> headers(AsyncSocket socket, Map<String, String> headers) {
        return socket.expectLine().thenCompose(line -> {
            if (line.isEmpty()) {
                return completedFuture(null);
            }
            String[] field = line.split(":", 2);
            headers.merge(field[0], field[1].strip(), (one, other) -> one + ", " + other);
            return headers(socket, headers);
        });
    }

    private static CompletableFuture<ByteBuffer> body(AsyncSocket socket, Map<String, String> headers) {
        if (headers.getOrDefault("Transfer-Encoding", "").endsWith("chunked")) {
            return chunks(socket, headers);
        }
        String length = headers.get("Content-Length");
        return length == null ? socket.readAll(LIMIT) : socket.readExactly(Integer.parseInt(length));
    }

    private static CompletableFuture<ByteBuffer> chunks(AsyncSocket socket, Map<String, String> headers) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        return AsyncLoop.forEach(() -> chunk(socket), chunk -> {
                    body.writeBytes(chunk.array());
                    return socket.expectLine();
                })
                .thenCompose(end -> headers(socket, headers))
                .thenApply(end -> ByteBuffer.wrap(body.toByteArray()));
    }

    /** Reads a chunk. Completes with null at the last chunk, which is empty. */
    private static CompletableFuture<ByteBuffer> chunk(AsyncSocket socket) {
        return socket.expectLine().thenCompose(line -> {
            int size = Integer.parseInt(line.split(";")[0].strip(), 16);
            return size == 0 ? completedFuture(null) : socket.readExactly(size);
        });
    }
}

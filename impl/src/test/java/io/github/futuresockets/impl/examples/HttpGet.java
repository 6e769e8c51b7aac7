package io.github.futuresockets.impl.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.codec.Codecs;
import io.github.futuresockets.codec.Decoder;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** The response to a GET request by HTTP/1.1 (RFC 9112). */
record HttpGet(String status, Map<String, String> headers, ByteBuffer body) {
    /** The most bytes of a body without a Content-Length. */
    private static final int LIMIT = 64 << 20;

    /** The status line and the headers, up to an empty line. */
    private static final Decoder<String[]> HEAD = Codecs.delimited(
                    1 << 16, "\r\n\r\n".getBytes(UTF_8), "\n\n".getBytes(UTF_8))
            .map(head -> UTF_8.decode(head).toString().split("\r?\n"));

    static CompletableFuture<HttpGet> get(AsyncSockets sockets, URI uri) {
        return AsyncScope.using(sockets.connect(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort()), socket -> {
            String request = "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n";
            socket.write(String.format(request, uri.getRawPath(), uri.getAuthority()));
            return socket.expectMessage(HEAD).thenCompose(head -> {
                Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                for (int i = 1; i < head.length; i++) {
                    String[] field = head[i].split(":", 2);
                    headers.merge(field[0], field[1].strip(), (one, other) -> one + ", " + other);
                }
                return body(socket, headers).thenApply(body -> new HttpGet(head[0], headers, body));
            });
        });
    }

    private static CompletableFuture<ByteBuffer> body(AsyncSocket socket, Map<String, String> headers) {
        if (headers.getOrDefault("Transfer-Encoding", "").endsWith("chunked")) {
            return chunks(socket);
        }
        String length = headers.get("Content-Length");
        return length == null ? socket.readAll(LIMIT) : socket.readExactly(Integer.parseInt(length));
    }

    /** Reads all chunks. The last chunk is empty. Trailers stay unread. */
    private static CompletableFuture<ByteBuffer> chunks(AsyncSocket socket) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        return AsyncLoop.whileTrue(() -> socket.expectMessage(chunk(LIMIT - body.size()))
                        .thenApply(chunk -> {
                            body.write(chunk.array(), 0, chunk.limit());
                            return chunk.hasRemaining();
                        }))
                .thenApply(end -> ByteBuffer.wrap(body.toByteArray()));
    }

    /** A line with the length of a chunk, the chunk and an empty line. */
    private static Decoder<ByteBuffer> chunk(int limit) {
        return Decoder.limited(limit, Codecs.lines(UTF_8, 1 << 10).then(line -> {
            int length = HexFormat.fromHexDigits(line.split(";")[0].strip());
            return length == 0
                    ? (in, seen) -> ByteBuffer.allocate(0)
                    : Codecs.fixedLength(length + 2).map(chunk -> chunk.limit(length));
        }));
    }
}

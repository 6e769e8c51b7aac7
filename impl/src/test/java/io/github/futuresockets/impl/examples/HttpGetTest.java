package io.github.futuresockets.impl.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.codec.FrameTooLongException;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Installed;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.Seeds;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link HttpGet} with nginx, and with a server that sends byte by byte or ends early. */
class HttpGetTest {
    /** The configuration of nginx. With {@code ssi on}, a body has no Content-Length. */
    private static final String CONFIG = String.join(
            "\n",
            "daemon off; master_process off; pid PORT.pid; error_log stderr;",
            "events {}",
            "http {",
            "  access_log off; types { text/html html; } default_type application/octet-stream;",
            "  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;",
            "  uwsgi_temp_path uwsgi; scgi_temp_path scgi;",
            "  server {",
            "    listen 127.0.0.1:PORT; root FOLDER;",
            "    location /plain/ { alias FOLDER/; }",
            "    location /chunked/ { alias FOLDER/; ssi on; }",
            "    location /end/ { alias FOLDER/; ssi on; chunked_transfer_encoding off; }",
            "  }",
            "}");

    private static final String PAGE = "<p>árvíztűrő</p>\n".repeat(20_000);
    private static final byte[] BYTES = Seeds.bytes("http", 3_000_000);

    private static Installed server;
    private static String host;

    private AsyncSockets sockets;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Installed.assume("nginx");
        int port = Installed.freePort();
        host = "http://127.0.0.1:" + port;
        Files.writeString(folder.resolve("page.html"), PAGE);
        Files.write(folder.resolve("bytes"), BYTES);
        Files.createFile(folder.resolve("empty"));
        Path config = Files.writeString(
                folder.resolve("nginx.conf"),
                CONFIG.replace("PORT", String.valueOf(port)).replace("FOLDER", folder.toString()));
        server = Installed.start(folder, "nginx", "-p", folder.toString(), "-c", config.toString())
                .awaitListening(port);
    }

    @AfterAll
    static void end() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void open() {
        sockets = AsyncSockets.builder().threads(2).build();
    }

    @AfterEach
    void close() {
        sockets.close();
    }

    private HttpGet get(String path) {
        HttpGet response = Await.value(HttpGet.get(sockets, URI.create(host + path)));
        assertEquals("close", response.headers().get("connection"));
        return response;
    }

    @Test
    void get_contentLength_readsBody() {
        HttpGet response = get("/plain/bytes");
        assertEquals("HTTP/1.1 200 OK", response.status());
        assertEquals("3000000", response.headers().get("content-length"));
        assertArrayEquals(BYTES, response.body().array());
        assertEquals(0, get("/plain/empty").body().remaining());
        assertEquals("HTTP/1.1 404 Not Found", get("/plain/nothing").status());
    }

    @Test
    void get_chunkedBody_readsAllChunks() {
        HttpGet response = get("/chunked/page.html");
        assertEquals("chunked", response.headers().get("transfer-encoding"));
        assertEquals(UTF_8.encode(PAGE), response.body());
    }

    @Test
    void get_bodyWithoutLength_readsToEndOfStream() {
        HttpGet response = get("/end/page.html");
        assertFalse(response.headers().containsKey("transfer-encoding"));
        assertFalse(response.headers().containsKey("content-length"));
        assertEquals(UTF_8.encode(PAGE), response.body());
    }

    @Test
    void get_hundredAtOnce_eachGetsOwnBody() {
        List<CompletableFuture<HttpGet>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String path = i % 2 == 0 ? "/plain/bytes" : "/chunked/page.html";
            all.add(HttpGet.get(sockets, URI.create(host + path)));
        }
        for (int i = 0; i < 100; i++) {
            int length = i % 2 == 0 ? BYTES.length : UTF_8.encode(PAGE).remaining();
            assertEquals(length, Await.value(all.get(i)).body().remaining());
        }
    }

    private CompletableFuture<HttpGet> answered(String answer) {
        try (PeerServer listener = new PeerServer()) {
            URI uri = URI.create("http://127.0.0.1:" + listener.port() + "/");
            CompletableFuture<HttpGet> response = HttpGet.get(sockets, uri);
            try (Peer peer = listener.accept()) {
                assertEquals("GET / HTTP/1.1\r\n", peer.text(16));
                for (byte each : answer.getBytes(UTF_8)) {
                    peer.send(each);
                }
                peer.end().awaitOver();
                return response;
            }
        }
    }

    @Test
    void get_chunkExtensionsAndTrailers_areSkipped() {
        HttpGet response = Await.value(answered("HTTP/1.1 200 OK\r\nA: 1\r\nTransfer-Encoding: chunked\r\n"
                + "a: 2\r\n\r\n5;x=y\r\nhello\r\nA \r\n, world!\r\n\r\n0\r\nTrailer: t\r\n\r\n"));
        assertEquals("1, 2", response.headers().get("a"));
        assertEquals(UTF_8.encode("hello, world!\r\n"), response.body());
    }

    @Test
    void get_linesEndWithLfAlone_isRead() {
        HttpGet response = Await.value(answered("HTTP/1.1 200 OK\nA: 1\nContent-Length: 5\n\nhello"));
        assertEquals("1", response.headers().get("a"));
        assertEquals(UTF_8.encode("hello"), response.body());
    }

    @Test
    void get_headersWithoutEnd_fails() {
        Await.failure(FrameTooLongException.class, answered("A: 1\r\n".repeat(12_000)));
    }

    @Test
    void get_responseEndsEarly_fails() {
        Await.failure(IncompleteReadException.class, answered("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello"));
        Await.failure(
                IncompleteReadException.class,
                answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"));
        Await.failure(IncompleteReadException.class, answered("HTTP/1.1 200 OK\r\nContent-Length: 5"));
    }
}

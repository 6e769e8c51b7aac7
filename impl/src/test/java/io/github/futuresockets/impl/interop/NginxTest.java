package io.github.futuresockets.impl.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Installed;
import io.github.futuresockets.impl.support.Seeds;
import io.github.futuresockets.impl.support.TestCertificates;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of the library with {@code nginx}. The page {@code /told} reports the TLS state of the server. */
class NginxTest extends InteropTest {
    private static final String CONFIG = String.join(
            "\n",
            "daemon off; master_process off; pid nginx.pid; error_log stderr;",
            "events {}",
            "http {",
            "  access_log off; client_max_body_size 0; client_body_temp_path FOLDER/body; proxy_temp_path FOLDER/proxy;",
            "  fastcgi_temp_path FOLDER/fastcgi; uwsgi_temp_path FOLDER/uwsgi; scgi_temp_path FOLDER/scgi;",
            "  ssl_session_cache shared:s:1m; ssl_client_certificate FOLDER/root.pem; ssl_verify_client optional;",
            "  ssl_protocols TLSv1.2 TLSv1.3;",
            "  server {",
            "    listen 127.0.0.1:PORT ssl http2 default_server; root FOLDER; server_name localhost;",
            "    ssl_certificate FOLDER/localhost.pem; ssl_certificate_key FOLDER/localhost.key;",
            "    location = /told {",
            "      return 200 '$ssl_protocol|$ssl_server_name|$ssl_alpn_protocol|$ssl_client_verify|$ssl_session_reused|';",
            "    }",
            "  }",
            "  server {",
            "    listen 127.0.0.1:PORT ssl; server_name other.example; return 200 other;",
            "    ssl_certificate FOLDER/other.pem; ssl_certificate_key FOLDER/other.key;",
            "  }",
            "}");

    private static final TestCertificates OTHER = ROOT.issue("other", "other.example");

    private int port;

    @BeforeEach
    void need() throws Exception {
        Installed.assume("nginx");
        OTHER.writePem(folder.resolve("other.pem"), folder.resolve("other.key"));
        port = Installed.freePort();
        Files.writeString(
                folder.resolve("nginx.conf"),
                CONFIG.replace("PORT", String.valueOf(port)).replace("FOLDER", folder.toString()));
        start("nginx -p . -c nginx.conf").awaitListening(port);
    }

    /** Requests a page, and returns its body, up to the end of the stream. */
    private CompletableFuture<ByteBuffer> get(AsyncSocket socket, String path) {
        socket.write("GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n");
        return AsyncLoop.whileTrue(() -> socket.expectLine().thenApply(header -> !header.isEmpty()))
                .thenCompose(body -> socket.readAll(64 << 20));
    }

    private CompletableFuture<ByteBuffer> get(TlsOptions tls, String path) {
        return AsyncScope.using(sockets.connectTls("localhost", port, tls), socket -> get(socket, path));
    }

    private String told(TlsOptions tls) {
        return UTF_8.decode(Await.value(get(tls, "/told"))).toString();
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, loop", "TLSv1.3, loop", "TLSv1.2, nio2", "TLSv1.3, nio2"})
    void connectTls_tlsOptions_areSeenByNginx(String version, String provider) {
        open(provider);
        TlsOptions tls = client().protocols(version);
        assertEquals(version + "|localhost||NONE|.|", told(tls));
        assertEquals(version + "|localhost||NONE|r|", told(tls));
        assertEquals(
                version + "|localhost|http/1.1|NONE|.|",
                told(client().protocols(version).applicationProtocols("http/1.1")));
        assertEquals(version + "|localhost||SUCCESS|.|", told(known().protocols(version)));
    }

    @Test
    void alpn_severalCommonProtocols_selectsServerPreference() {
        AsyncSocket socket = connect(port, client().applicationProtocols("h3", "h2", "http/1.1"));
        assertEquals("h2", socket.tlsSession().orElseThrow().applicationProtocol());
        socket.abort();
    }

    @Test
    void serverName_otherHost_selectsVirtualServer() {
        TlsOptions tls = client().serverName("other.example");
        AsyncSocket socket = connect(port, tls);
        assertEquals(
                OTHER.certificate(),
                socket.tlsSession().orElseThrow().peerCertificates().get(0));
        String answer = AsyncScope.using(CompletableFuture.completedFuture(socket), other -> {
                    other.write("GET / HTTP/1.0\r\nHost: other.example\r\n\r\n");
                    return other.readAll(10_000);
                })
                .thenApply(all -> UTF_8.decode(all).toString())
                .join();
        assertTrue(answer.endsWith("\r\n\r\nother"), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void get_largeBodiesConcurrently_arriveWholeAndEndCleanly(String version) throws Exception {
        byte[] bytes = Seeds.bytes("nginx", 5_000_000);
        Files.write(folder.resolve("bytes"), bytes);
        TlsOptions tls = client().protocols(version);
        List<CompletableFuture<ByteBuffer>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(get(tls, "/bytes"));
        }
        for (CompletableFuture<ByteBuffer> each : all) {
            ByteBuffer body = Await.value(each);
            byte[] got = new byte[body.remaining()];
            body.get(got);
            assertArrayEquals(bytes, got);
        }
    }

    @Test
    void keepAlive_requestsInSequence_useOneConnection() {
        AsyncSocket socket = connect(port, client());
        for (int i = 0; i < 200; i++) {
            socket.write("GET /told HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Await.value(AsyncLoop.whileTrue(() -> socket.expectLine().thenApply(header -> !header.isEmpty())));
            String body = "TLSv1.3|localhost||NONE|.|";
            ByteBuffer told = Await.value(socket.readExactly(body.length()));
            assertEquals(body, UTF_8.decode(told).toString());
        }
        assertFalse(socket.tlsSession().orElseThrow().resumed());
        socket.close();
    }
}

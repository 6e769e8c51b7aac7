package io.github.futuresockets.impl.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.TlsOptions;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A dialogue in the manner of SMTP (RFC 5321). Before the first letter, STARTTLS upgrades to TLS (RFC 3207). */
final class Mail {
    private static final byte[] DOT = "\r\n.\r\n".getBytes(UTF_8);

    private Mail() {}

    /**
     * The server. If plaintext follows the STARTTLS command, {@code startTls} fails, because an attacker could have
     * added the plaintext.
     */
    static final class Server {
        private final TlsOptions tls;
        private final Consumer<String> letters;

        Server(TlsOptions tls, Consumer<String> letters) {
            this.tls = tls;
            this.letters = letters;
        }

        CompletableFuture<Void> converse(AsyncSocket plain) {
            plain.write("220 ready\r\n");
            return AsyncLoop.whileTrue(() -> plain.expectLine().thenCompose(command -> greet(plain, command)))
                    .thenCompose(start -> plain.startTls(tls))
                    .thenCompose(socket -> AsyncLoop.whileTrue(
                            () -> socket.expectLine().thenCompose(command -> obey(socket, command))));
        }

        /** Answers a plaintext command. Completes with true if the dialogue stays in plaintext. */
        private static CompletableFuture<Boolean> greet(AsyncSocket socket, String command) {
            switch (command.split(" ")[0].toUpperCase(Locale.ROOT)) {
                case "EHLO":
                    return socket.write("250-hello\r\n250 STARTTLS\r\n").thenApply(done -> true);
                case "STARTTLS":
                    return socket.write("220 go ahead\r\n").thenApply(done -> false);
                default:
                    return socket.write("530 STARTTLS first\r\n").thenApply(done -> true);
            }
        }

        private CompletableFuture<Boolean> obey(AsyncSocket socket, String command) {
            switch (command.split(" ")[0].toUpperCase(Locale.ROOT)) {
                case "QUIT":
                    return socket.write("221 bye\r\n").thenApply(done -> false);
                case "DATA":
                    socket.write("354 end with a dot\r\n");
                    return socket.readUntil(DOT, 1 << 20)
                            .thenCompose(letter -> {
                                letters.accept(UTF_8.decode(letter).toString());
                                return socket.write("250 taken\r\n");
                            })
                            .thenApply(done -> true);
                default:
                    return socket.write("250 ok\r\n").thenApply(done -> true);
            }
        }
    }

    /** Sends a letter, and returns the last reply. Each line ends with CRLF and does not begin with a dot. */
    static CompletableFuture<String> send(AsyncSockets sockets, String host, int port, TlsOptions tls, String letter) {
        return AsyncScope.using(
                sockets.connect(host, port),
                plain -> reply(plain, "220")
                        .thenCompose(ready -> ask(plain, "EHLO client", "250"))
                        .thenCompose(hello -> ask(plain, "STARTTLS", "220"))
                        .thenCompose(go -> plain.startTls(tls.serverName(host)))
                        .thenCompose(socket -> ask(socket, "EHLO client", "250")
                                .thenCompose(hello -> ask(socket, "MAIL FROM:<ann@example>", "250"))
                                .thenCompose(from -> ask(socket, "RCPT TO:<bob@example>", "250"))
                                .thenCompose(to -> ask(socket, "DATA", "354"))
                                .thenCompose(go -> ask(socket, letter + "\r\n.", "250"))
                                .thenCompose(taken -> ask(socket, "QUIT", "221"))));
    }

    private static CompletableFuture<String> ask(AsyncSocket socket, String command, String code) {
        socket.write(command + "\r\n"); // a failed write fails the read, too
        return reply(socket, code);
    }

    /** Returns the last line of a reply. Fails if a line of the reply has another code. */
    private static CompletableFuture<String> reply(AsyncSocket socket, String code) {
        return socket.expectLine().thenCompose(line -> {
            if (!line.startsWith(code)) {
                return failedFuture(new IOException("expected " + code + ", got " + line));
            }
            return line.startsWith("-", 3) ? reply(socket, code) : completedFuture(line);
        });
    }
}

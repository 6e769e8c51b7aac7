package io.github.futuresockets.impl.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Installed;
import io.github.futuresockets.impl.support.TestCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A base class with a folder of certificates. All started programs end with the test. */
abstract class InteropTest {
    static final TestCertificates ROOT = TestCertificates.root();
    static final TestCertificates CLIENT = ROOT.issue("a client");
    static final TestCertificates STRANGER =
            TestCertificates.authority("nobody").issue("a stranger");

    /** The pattern of OpenSSL's line about a received KeyUpdate message. */
    static final String OUR_KEY_UPDATE = "<<<[^\n]*KeyUpdate";

    @TempDir
    Path folder;

    final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    AsyncSockets sockets;
    private final List<Installed> programs = new ArrayList<>();

    @BeforeEach
    final void open() throws IOException {
        ROOT.writePem(folder.resolve("root.pem"), folder.resolve("root.key"));
        TestCertificates.localhost().writePem(folder.resolve("localhost.pem"), folder.resolve("localhost.key"));
        CLIENT.writePem(folder.resolve("client.pem"), folder.resolve("client.key"));
        STRANGER.writePem(folder.resolve("stranger.pem"), folder.resolve("stranger.key"));
        open("loop");
    }

    /** Opens the sockets anew, with another provider. */
    final void open(String provider) {
        if (sockets != null) {
            sockets.close();
        }
        sockets = AsyncSockets.builder()
                .provider(provider)
                .threads(2)
                .onError((socket, failure) -> errors.add(failure))
                .build();
    }

    @AfterEach
    final void close() {
        programs.forEach(Installed::close);
        try {
            Await.until(
                    () -> "the end of each connection: " + sockets.stats(),
                    () -> sockets.stats().open() == 0);
        } finally {
            sockets.close();
        }
    }

    /** Starts a program in the folder. The program replaces its shell, so that closing ends the program. */
    final Installed start(String command) throws IOException {
        Installed program = Installed.start(folder, "sh", "-c", "exec " + command);
        programs.add(program);
        return program;
    }

    /** Starts a server, and returns its port. Each {@code PORT} in the command is replaced by the port. */
    final int serve(String command) throws IOException {
        int port = Installed.freePort();
        start(command.replace("PORT", String.valueOf(port))).awaitListening(port);
        return port;
    }

    /** Waits until a program has printed the pattern this many times. */
    static void awaitSaid(Installed program, int times, String pattern) {
        Await.until(
                () -> times + " of " + pattern + " in " + program.said(),
                () -> program.said().split(pattern, -1).length > times);
    }

    final AsyncServerSocket listen(TlsOptions tls) throws IOException {
        return sockets.listen(new InetSocketAddress("127.0.0.1", 0), options -> options.tls(tls));
    }

    final AsyncSocket connect(int port, TlsOptions tls) {
        return Await.value(sockets.connectTls("localhost", port, tls));
    }

    /** Returns options of a client that trusts {@link #ROOT} and keeps sessions for resumption. */
    static TlsOptions client() {
        return TlsOptions.client().context(TestCertificates.trusting(ROOT));
    }

    /** Returns options like {@link #client}, with a client certificate. */
    static TlsOptions known() {
        return TlsOptions.client().context(CLIENT.context(ROOT));
    }

    /** Returns options of a server that keeps sessions for resumption. */
    static TlsOptions server() {
        SSLContext context = TestCertificates.localhost().context(ROOT);
        return TlsOptions.server(context);
    }

    final void assertNoErrors() {
        assertEquals(List.of(), List.copyOf(errors));
    }
}

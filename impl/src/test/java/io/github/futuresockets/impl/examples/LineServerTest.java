package io.github.futuresockets.impl.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Installed;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link LineServer} with netcat and socat. Both end their stream before the answers arrive. */
class LineServerTest {
    @TempDir
    private Path folder;

    private AsyncSockets sockets;
    private AsyncServerSocket server;

    @BeforeEach
    void open() throws IOException {
        sockets = AsyncSockets.builder().threads(2).build();
        server = sockets.listen("127.0.0.1", 0);
        LineServer.serve(server);
    }

    @AfterEach
    void close() {
        sockets.close();
    }

    private String run(String script) throws IOException {
        String said = Installed.run(folder, script.replace("PORT", String.valueOf(server.port())));
        Await.until("the conversation is over", () -> sockets.stats().open() == 0);
        return said;
    }

    @Test
    void serve_netcatHalfCloses_getsAllAnswers() throws Exception {
        Installed.assume("nc.openbsd");
        assertEquals("ONE\nTWO\n2 lines\n", run("printf 'one\\ntwo\\n' | nc.openbsd -N 127.0.0.1 PORT"));
        assertEquals("NO LINE FEED\n1 lines\n", run("printf 'no line feed' | nc.openbsd -N 127.0.0.1 PORT"));
        assertEquals("0 lines\n", run("nc.openbsd -N 127.0.0.1 PORT < /dev/null"));
    }

    @Test
    void serve_socatHalfCloses_getsAllAnswers() throws Exception {
        Installed.assume("socat");
        assertEquals("ONE\nTWO\n2 lines\n", run("printf 'one\\r\\ntwo\\r\\n' | socat -t15 - TCP:127.0.0.1:PORT"));
        assertEquals(
                "100000 lines\n",
                run(
                        "seq 100000 | socat -b1000 -t15 - TCP:127.0.0.1:PORT > got; seq 100000 | diff - got | sed 's/^> //;1d'"));
    }
}

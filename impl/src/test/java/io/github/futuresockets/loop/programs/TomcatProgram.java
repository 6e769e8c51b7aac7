package io.github.futuresockets.loop.programs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.futuresockets.impl.support.Background;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/** A program with the NIO.2 connector of Tomcat. The clients have blocking sockets. */
public final class TomcatProgram {
    private static final byte[] LARGE = Programs.pattern(16 << 20);
    private static final byte[] POSTED = Programs.pattern(4 << 20);

    private TomcatProgram() {}

    /** Runs the program. The argument is the folder for the files of Tomcat. */
    public static void main(String[] arguments) throws Exception {
        Programs.sayProvider();
        Logger log = Logger.getLogger("org.apache");
        log.setLevel(Level.SEVERE);
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(arguments[0]);
        Connector connector = new Connector("org.apache.coyote.http11.Http11Nio2Protocol");
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("maxKeepAliveRequests", "-1");
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        Wrapper wrapper = Tomcat.addServlet(context, "servlet", new Servlet());
        wrapper.setAsyncSupported(true);
        wrapper.addMapping("/*");
        tomcat.start();
        int port = connector.getLocalPort();
        Programs.say("kept alive: " + keptAlive(port, 200) + " answers");
        Programs.say("pipelined: " + pipelined(port, 50) + " answers");
        Programs.say("posted and echoed: " + echoed(port) + " bytes");
        slowReader(port, "/blocking");
        slowReader(port, "/async");
        tomcat.stop();
        tomcat.destroy();
        System.exit(0);
    }

    /** A servlet that answers with the path, the body of the request, or {@link #LARGE}. */
    private static final class Servlet extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            byte[] path = request.getRequestURI().getBytes(ISO_8859_1);
            switch (request.getRequestURI()) {
                case "/blocking" -> {
                    response.setContentLength(LARGE.length);
                    response.getOutputStream().write(LARGE);
                }
                case "/async" -> {
                    response.setContentLength(LARGE.length);
                    AsyncContext context = request.startAsync();
                    context.setTimeout(0);
                    response.getOutputStream().setWriteListener(new Much(context, response.getOutputStream()));
                }
                default -> {
                    response.setContentLength(path.length);
                    response.getOutputStream().write(path);
                }
            }
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentLength(request.getContentLength());
            byte[] part = new byte[8192];
            for (int left = request.getContentLength(); left > 0; ) {
                int count = request.getInputStream().read(part, 0, Math.min(part.length, left));
                response.getOutputStream().write(part, 0, count);
                left -= count;
            }
        }
    }

    /** A writer of {@link #LARGE} that writes while the response is ready, and goes on at each notification. */
    private record Much(AsyncContext context, ServletOutputStream out, int[] sent) implements WriteListener {
        Much(AsyncContext context, ServletOutputStream out) {
            this(context, out, new int[1]);
        }

        @Override
        public void onWritePossible() throws IOException {
            while (out.isReady()) {
                if (sent[0] == LARGE.length) {
                    context.complete();
                    return;
                }
                int length = Math.min(100_000, LARGE.length - sent[0]);
                out.write(LARGE, sent[0], length);
                sent[0] += length;
            }
        }

        @Override
        public void onError(Throwable failure) {
            context.complete();
        }
    }

    /** Returns the bytes of a GET request. */
    private static byte[] get(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(ISO_8859_1);
    }

    /** Reads a response and compares the body. Returns the number of bytes of the body. */
    private static int expect(byte[] body, InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the end within a head: " + head.toString(ISO_8859_1));
            }
            head.write(next);
        }
        String text = head.toString(ISO_8859_1);
        if (!text.startsWith("HTTP/1.1 200 ") || !text.contains("Content-Length: " + body.length + "\r\n")) {
            throw new IOException("not the head of " + body.length + " bytes: " + text);
        }
        return Programs.expect(body, in);
    }

    /** Sends requests one after the other on a connection. Returns the number of answers. */
    private static int keptAlive(int port, int requests) throws IOException {
        int answers = 0;
        try (Socket socket = Programs.connect(port)) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int i = 0; i < requests; i++) {
                String path = "/kept/" + i;
                socket.getOutputStream().write(get(path));
                expect(path.getBytes(ISO_8859_1), in);
                answers++;
            }
        }
        return answers;
    }

    /** Sends all requests at once on a connection. Returns the number of answers. */
    private static int pipelined(int port, int requests) throws IOException {
        int answers = 0;
        try (Socket socket = Programs.connect(port)) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < requests; i++) {
                all.writeBytes(get("/pipelined/" + i));
            }
            socket.getOutputStream().write(all.toByteArray());
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int i = 0; i < requests; i++) {
                expect(("/pipelined/" + i).getBytes(ISO_8859_1), in);
                answers++;
            }
        }
        return answers;
    }

    /** Posts a large body and reads the echo. Returns the number of bytes. */
    private static int echoed(int port) throws Exception {
        try (Socket socket = Programs.connect(port)) {
            CompletableFuture<Void> sending = Background.call(() -> {
                String head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + POSTED.length + "\r\n\r\n";
                socket.getOutputStream().write(head.getBytes(ISO_8859_1));
                socket.getOutputStream().write(POSTED);
                return null;
            });
            int echoed = expect(POSTED, new BufferedInputStream(socket.getInputStream()));
            sending.get();
            return echoed;
        }
    }

    /** Reads the first byte of a large answer, checks that other clients are served meanwhile, and reads the rest. */
    private static void slowReader(int port, String path) throws IOException {
        try (Socket socket = Programs.connect(port)) {
            socket.getOutputStream().write(get(path));
            BufferedInputStream in = new BufferedInputStream(socket.getInputStream(), 1024);
            in.mark(1);
            in.read();
            in.reset();
            int answers = keptAlive(port, 50) + pipelined(port, 50);
            int bytes = expect(LARGE, in);
            Programs.say(path + ": others got " + answers + " answers, then the slow reader " + bytes + " bytes");
        }
    }
}

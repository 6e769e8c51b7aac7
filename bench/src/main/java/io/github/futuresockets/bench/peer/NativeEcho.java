package io.github.futuresockets.bench.peer;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An echo server in C over epoll, in a process of its own. The baseline with the lowest cost.
 *
 * <p>{@code start} compiles the source, so the server needs Linux and {@code cc}. The server has a single I/O thread.
 */
final class NativeEcho implements Peer {
    private static final String SOURCE = "epoll-echo.c";
    private static final Pattern LISTENING = Pattern.compile("listening 127\\.0\\.0\\.1:(\\d+) .*");

    private final Protocol protocol;
    private final int fixedBuffer;
    private @Nullable Process process;

    NativeEcho(Protocol protocol) {
        this(protocol, 0);
    }

    /** Creates a server with reads of up to {@code fixedBuffer} bytes. With 0, {@code start} sets the size. */
    NativeEcho(Protocol protocol, int fixedBuffer) {
        this.protocol = protocol;
        this.fixedBuffer = fixedBuffer;
    }

    @Override
    public String obstacle() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return "needs Linux";
        }
        Stream<String> folders = Pattern.compile(File.pathSeparator).splitAsStream(System.getenv("PATH"));
        return folders.anyMatch(folder -> Files.isExecutable(Path.of(folder, "cc"))) ? "" : "needs a C compiler, cc";
    }

    @Override
    public int start(int port, int threads, int buffer) throws IOException {
        if (threads != 1) {
            throw new IOException("c-epoll has one thread, not " + threads);
        }
        Path folder = Files.createTempDirectory("epoll-echo");
        Path program = folder.resolve("epoll-echo");
        try {
            compile(folder.resolve(SOURCE), program);
            String[] command = {
                program.toString(),
                String.valueOf(port),
                String.valueOf(fixedBuffer > 0 ? fixedBuffer : buffer),
                protocol.toString()
            };
            Process server =
                    new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
            process = server;
            Runtime.getRuntime().addShutdownHook(new Thread(server::destroyForcibly));
            String line = server.inputReader(StandardCharsets.UTF_8).readLine();
            Matcher listening = LISTENING.matcher(String.valueOf(line));
            if (!listening.matches()) {
                throw new IOException("c-epoll said: " + line);
            }
            return Integer.parseInt(listening.group(1));
        } finally {
            Files.deleteIfExists(program);
            Files.deleteIfExists(folder.resolve(SOURCE));
            Files.delete(folder);
        }
    }

    private static void compile(Path source, Path program) throws IOException {
        try (InputStream code = Objects.requireNonNull(NativeEcho.class.getResourceAsStream(SOURCE), SOURCE)) {
            Files.copy(code, source, StandardCopyOption.REPLACE_EXISTING);
        }
        Process compiler = new ProcessBuilder("cc", "-O2", "-o", program.toString(), source.toString())
                .inheritIO()
                .start();
        try {
            if (compiler.waitFor() != 0) {
                throw new IOException("cc cannot compile " + SOURCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while compiling", e);
        }
    }

    @Override
    public long pid() {
        return Objects.requireNonNull(process, "not started").pid();
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}

package io.github.futuresockets.impl.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** A foreign program in a folder of its own. A file in the folder keeps the output of the program. */
public final class Installed implements AutoCloseable {
    private final Process process;
    private final Path said;

    private Installed(Process process, Path said) {
        this.process = process;
        this.said = said;
    }

    /** Skips the test unless a shell and all programs are installed. */
    public static void assume(String... programs) throws InterruptedException {
        for (String each : programs) {
            assumeTrue(isInstalled(each), each + " is not installed");
        }
    }

    private static boolean isInstalled(String program) throws InterruptedException {
        try {
            return new ProcessBuilder("sh", "-c", "command -v " + program + " > /dev/null")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noShell) {
            return false;
        }
    }

    /** Returns an unused port of the loopback address. */
    public static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** Starts a program. */
    public static Installed start(Path folder, String... command) throws IOException {
        Path said = Files.createTempFile(folder, "said", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        return new Installed(process, said);
    }

    /** Runs a shell script to its end, and returns the output. */
    public static String run(Path folder, String script) throws IOException {
        try (Installed shell = start(folder, "sh", "-c", script)) {
            Await.value(Background.call(shell.process::waitFor));
            return shell.said();
        }
    }

    /** Returns after the program has begun to listen on a port of the loopback address. */
    public Installed awaitListening(int port) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        Await.until(() -> "port " + port + " answers; " + process + " has said " + said(), () -> {
            try (Socket probe = new Socket()) {
                probe.connect(address);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
        return this;
    }

    /** Writes text to the input of the program. */
    public Installed say(String text) {
        try {
            process.getOutputStream().write(text.getBytes(UTF_8));
            process.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(process + " has ended, and has said " + said(), e);
        }
    }

    /** Returns after the output contains {@code text}. */
    public Installed awaitSaid(String text) {
        Await.until(() -> text + "; " + process + " has said " + said(), () -> said().contains(text));
        return this;
    }

    /** Returns the exit status after the program has ended without intervention. */
    public int awaitEnd() {
        Await.until(() -> "the end of " + process + ", which has said " + said(), () -> !process.isAlive());
        return process.exitValue();
    }

    /** Returns the output so far. */
    public String said() {
        try {
            return Files.readString(said, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the program by force, and waits for its end. */
    @Override
    public void close() {
        process.destroyForcibly();
        Await.until("the end of " + process, () -> !process.isAlive());
    }
}

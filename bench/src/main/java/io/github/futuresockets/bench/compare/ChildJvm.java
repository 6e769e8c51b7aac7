package io.github.futuresockets.bench.compare;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A command of this program in a JVM of its own, on a CPU of its own; ends with its parent at the latest. */
public final class ChildJvm implements AutoCloseable {
    /** The class with the commands, by name: the commands depend on this room, and not the other way round. */
    private static final String MAIN = "io.github.futuresockets.bench.Main";

    /**
     * The same for all. A fixed heap and one collector, so that no peer gets another by what the JDK sees of the machine;
     * and the native code of a peer without warnings.
     */
    public static final List<String> FLAGS =
            List.of("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");

    private static final int TAIL = 4096;

    private final Process process;
    private final BufferedReader output;
    private final Writer input;
    private final Path errors;
    private final Thread reaper;

    /**
     * Starts it.
     *
     * @param pinning what {@link #pinnedTo} has given
     * @param flags for the JVM, beside {@link #FLAGS}
     */
    public ChildJvm(List<String> pinning, List<String> flags, List<String> command) throws IOException {
        List<String> line = new ArrayList<>(pinning);
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(FLAGS);
        line.addAll(flags);
        line.add("-cp");
        line.add(System.getProperty("java.class.path"));
        line.add(MAIN);
        line.addAll(command);
        errors = Files.createTempFile("futuresockets-bench", ".err");
        process = new ProcessBuilder(line).redirectError(errors.toFile()).start();
        output = process.inputReader(StandardCharsets.UTF_8);
        input = process.outputWriter(StandardCharsets.UTF_8);
        reaper = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(reaper);
    }

    /** What to put before a command so that it runs on one CPU only; empty if that cannot be done here. */
    public static List<String> pinnedTo(int cpu) {
        List<String> pinning = List.of("taskset", "-c", Integer.toString(cpu));
        List<String> probe = new ArrayList<>(pinning);
        probe.add("true");
        try {
            Process process = new ProcessBuilder(probe)
                    .redirectErrorStream(true)
                    .redirectOutput(new File("/dev/null"))
                    .start();
            return process.waitFor() == 0 ? pinning : List.of();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    void writeLine(String line) throws IOException {
        input.write(line);
        input.write('\n');
        input.flush();
    }

    /** Its next line of output; it is killed if that does not come in time. The failure tells its story. */
    public String readLine(Duration patience) throws IOException {
        AtomicBoolean late = new AtomicBoolean();
        CompletableFuture<Void> watch = CompletableFuture.runAsync(
                () -> {
                    late.set(true);
                    process.destroyForcibly();
                },
                CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS));
        String line = output.readLine();
        watch.cancel(false);
        if (line != null) {
            return line;
        }
        String why =
                late.get() ? "said nothing for " + patience.toSeconds() + " s" : "ended without its line of output";
        throw new IOException((why + "\n" + story()).strip());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it has said beside the lines that were read: the end of its standard error, and how it ended if it has. */
    String story() throws IOException {
        // One that dies may be found out by its connections before it is dead.
        boolean ended = await(500);
        String said = Files.readString(errors, StandardCharsets.UTF_8).strip();
        String end = said.substring(Math.max(0, said.length() - TAIL));
        return ended ? (end + "\nended with status " + process.exitValue()).strip() : end;
    }

    private boolean await(long millis) throws IOException {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        if (!await(5000)) {
            process.destroyForcibly();
            await(5000);
        }
        Runtime.getRuntime().removeShutdownHook(reaper);
        output.close();
        Files.delete(errors);
    }
}

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

/**
 * A command of the benchmark program in a JVM of its own, on a CPU of its own if requested. The child ends with its
 * parent at the latest.
 */
public final class ChildJvm implements AutoCloseable {
    /** The class with the commands. A name and not a reference, because the commands depend on this package. */
    private static final String MAIN = "io.github.futuresockets.bench.Main";

    /**
     * The flags of every child JVM. Heap and collector are fixed, because the JDK would otherwise choose both by the
     * machine. Native access is enabled, because the native code of a peer would otherwise cause warnings.
     */
    public static final List<String> FLAGS =
            List.of("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");

    /** The maximum number of characters of standard error in {@link #story}. */
    private static final int TAIL = 4096;

    private final Process process;
    private final BufferedReader output;
    private final Writer input;
    private final Path errors;
    private final Thread reaper;

    /**
     * Starts the JVM.
     *
     * @param pinning the result of {@link #pinnedTo}, or an empty list
     * @param flags the flags of the JVM, in addition to {@link #FLAGS}
     * @param command the command and its arguments
     * @throws IOException if the process cannot start
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

    /** Returns the prefix for a command to run on a single CPU only. Empty if the machine cannot pin processes. */
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

    /**
     * Returns the next line of output. If no line arrives in time, kills the child.
     *
     * @throws IOException if there is no line, with {@link #story} in the message
     */
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

    /** Returns the end of standard error, and the exit status if the child has ended. */
    String story() throws IOException {
        // Waits, because the connections of a dying child may fail before the child has ended.
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

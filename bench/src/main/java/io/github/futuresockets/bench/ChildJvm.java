package io.github.futuresockets.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command of this program in a JVM of its own, on a CPU of its own; ends with its parent at the latest. */
final class ChildJvm implements AutoCloseable {
    /**
     * The same for all. A fixed heap and one collector, so that no peer gets another by what the JDK sees of the machine;
     * and the native code of a peer without warnings.
     */
    static final List<String> FLAGS =
            List.of("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");

    private final Process process;
    private final BufferedReader output;
    private final Thread reaper;

    ChildJvm(List<String> pinning, List<String> command) throws IOException {
        this(pinning, List.of(), command);
    }

    /**
     * Starts it.
     *
     * @param pinning what {@link #pinnedTo} has given
     * @param flags for the JVM, beside {@link #FLAGS}
     */
    ChildJvm(List<String> pinning, List<String> flags, List<String> command) throws IOException {
        List<String> line = new ArrayList<>(pinning);
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(FLAGS);
        line.addAll(flags);
        line.add("-cp");
        line.add(System.getProperty("java.class.path"));
        line.add(Main.class.getName());
        line.addAll(command);
        process = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = process.inputReader(StandardCharsets.UTF_8);
        reaper = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(reaper);
    }

    /** What to put before a command so that it runs on one CPU only; empty if that cannot be done here. */
    static List<String> pinnedTo(int cpu) {
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

    String readLine() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("a child process ended without its line of output");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(reaper);
        output.close();
    }
}

package io.github.futuresockets.impl.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.loop.LoopChannelProvider;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A class with a main method, run in a new JVM with the classes of the library and of its tests. */
public final class Program {
    private final Class<?> main;
    private String shell = "true";
    private List<String> options = List.of();
    private List<Class<?>> libraries = List.of();

    /** Creates a program from a class with a main method. */
    public Program(Class<?> main) {
        this.main = main;
    }

    /** Sets a shell command that runs before the JVM. */
    public Program shell(String command) {
        shell = command;
        return this;
    }

    /** Sets options of the JVM. */
    public Program options(String... all) {
        options = List.of(all);
        return this;
    }

    /** Adds the libraries of the given classes to the class path. */
    public Program with(List<Class<?>> ofLibraries) {
        libraries = ofLibraries;
        return this;
    }

    /**
     * Starts the program. After 30 seconds the program is killed. Both outputs are merged into the input stream of the
     * process.
     */
    public Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", shell + " && exec timeout -s KILL 30 \"$@\"", "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(libraries), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Runs the program to its end, and returns the output. */
    public String run(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(1, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return said;
    }

    /** Returns the class path of the library and its tests. */
    public static String classPath() {
        return classPath(List.of());
    }

    private static String classPath(List<Class<?>> libraries) {
        return Stream.concat(
                        Stream.of(AsyncSockets.class, LoopChannelProvider.class, Program.class), libraries.stream())
                .map(Program::home)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Returns the folder or the archive of a class. */
    private static String home(Class<?> type) {
        String file = type.getName().replace('.', '/') + ".class";
        String url = String.valueOf(type.getResource(type.getSimpleName() + ".class"));
        String home = url.replace(file, "").replace("jar:", "").replaceAll("!/$", "");
        return Path.of(URI.create(home)).toString();
    }

    /** Returns the user and system time of the process, in milliseconds. */
    public static long processorTime() throws IOException {
        try (RandomAccessFile stat = new RandomAccessFile("/proc/self/stat", "r")) {
            return processorTime(stat);
        }
    }

    /**
     * Returns the user and system time from the open file {@code /proc/self/stat}, in milliseconds and steps of 10 ms.
     */
    public static long processorTime(RandomAccessFile stat) throws IOException {
        stat.seek(0);
        String[] fields = stat.readLine().replaceAll(".*\\) ", "").split(" ");
        return 10 * (Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
    }
}

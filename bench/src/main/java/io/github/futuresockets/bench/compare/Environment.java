package io.github.futuresockets.bench.compare;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The machine, the JDK and the library versions of a comparison. */
public final class Environment {
    private Environment() {}

    static Map<String, String> describe() throws IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put(
                "date", OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString());
        environment.put("CPU", cpu() + ", " + Runtime.getRuntime().availableProcessors() + " of them");
        environment.put(
                "kernel",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        // The cost of a send depends on the congestion control. With BBR and its pacing, a send costs up to 50 % more.
        Path congestion = Path.of("/proc/sys/net/ipv4/tcp_congestion_control");
        if (Files.isReadable(congestion)) {
            environment.put(
                    "TCP congestion control", Files.readString(congestion).strip());
        }
        environment.put(
                "JDK",
                System.getProperty("java.vm.name") + " " + Runtime.version() + ", "
                        + System.getProperty("java.vm.vendor"));
        environment.put("JVM flags", String.join(" ", ChildJvm.FLAGS));
        environment.put(
                "load average at the end",
                String.format(
                        Locale.ROOT,
                        "%.2f",
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
        environment.putAll(versions());
        return environment;
    }

    public static String text(Map<String, String> environment) {
        return environment.entrySet().stream()
                .map(each -> each.getKey() + ": " + each.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private static String cpu() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(info)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        }
    }

    /** Returns the versions recorded by the build, because not every jar contains its version. */
    private static Map<String, String> versions() throws IOException {
        try (InputStream versions = Environment.class.getResourceAsStream("versions.properties")) {
            Properties all = new Properties();
            all.load(Objects.requireNonNull(versions, "versions.properties"));
            Map<String, String> sorted = new TreeMap<>();
            all.forEach((name, version) -> sorted.put(name.toString(), version.toString()));
            return sorted;
        }
    }
}

package io.github.futuresockets;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests rules for the sources of all modules. No compiler checks these rules. */
class HouseTest {
    /** The allowed dependencies of each room, from the lowest room to the highest. */
    private static final Map<String, Set<String>> TABLE = new TreeMap<>(Map.ofEntries(
            entry("codec", Set.of()),
            entry("future", Set.of()),
            entry("compose", Set.of("codec", "future")),
            entry("spi", Set.of("main")),
            entry("main", Set.of("codec", "compose", "future", "spi")),
            entry("loop", Set.of()),
            entry("impl.common", Set.of("main")),
            entry("impl.transport", Set.of("future", "impl.common", "main", "spi")),
            entry("impl.observe", Set.of("main")),
            entry("impl.channel", Set.of("future", "impl.common", "impl.observe", "impl.transport", "loop")),
            entry("impl.memory", Set.of("future", "impl.channel", "impl.common", "impl.transport", "loop", "main")),
            entry("impl.tls", Set.of("impl.common", "impl.transport", "main", "spi")),
            entry("impl.connection", Set.of("future", "impl.common", "impl.observe", "impl.transport", "main", "spi")),
            entry(
                    "impl.operation",
                    Set.of("codec", "compose", "future", "impl.common", "impl.connection", "impl.transport", "main")),
            entry("impl.view", Set.of("codec", "compose", "future", "impl.connection", "impl.operation", "main")),
            entry(
                    "impl.engine",
                    Set.of(
                            "codec",
                            "compose",
                            "future",
                            "impl.channel",
                            "impl.common",
                            "impl.connection",
                            "impl.observe",
                            "impl.operation",
                            "impl.tls",
                            "impl.transport",
                            "impl.view",
                            "main",
                            "spi")),
            entry(
                    "impl",
                    Set.of(
                            "impl.channel",
                            "impl.common",
                            "impl.engine",
                            "impl.memory",
                            "impl.transport",
                            "loop",
                            "main",
                            "spi")),
            entry("bench.common", Set.of()),
            entry("bench.peer", Set.of("bench.common", "codec", "loop", "main")),
            entry("bench.load", Set.of("bench.common", "bench.peer", "main")),
            entry("bench.result", Set.of("bench.common", "bench.load", "bench.peer")),
            entry("bench.compare", Set.of("bench.common", "bench.load", "bench.peer", "bench.result")),
            entry("bench.report", Set.of("bench.common", "bench.load", "bench.result")),
            entry("bench.micro", Set.of("bench.peer", "codec", "future", "main")),
            entry("bench.demo", Set.of("bench.common", "main")),
            entry(
                    "bench",
                    Set.of(
                            "bench.common",
                            "bench.compare",
                            "bench.demo",
                            "bench.load",
                            "bench.micro",
                            "bench.peer",
                            "bench.report",
                            "bench.result",
                            "main"))));

    /**
     * The sanctioned circles. A pair is a static factory and the interface of its providers, as in
     * {@code java.nio.channels}.
     */
    private static final Set<Set<String>> PAIRS = Set.of(Set.of("main", "spi"));

    private static final int LONGEST_LINE = 140;
    private static final Predicate<String> UNFINISHED =
            Pattern.compile("\\b(?:TO[D]O|FIX[M]E|X[X]X)\\b|@Disable[d]\\b").asPredicate();
    private static final Predicate<String> NOT_IN_A_LIBRARY = Pattern.compile(
                    "^(?!\\s*[/*]).*\\b(?:System\\.(?:out|err|exit)|Thread\\.sleep|printStackTrace)\\b")
            .asPredicate();

    @Test
    void rooms_importsOfAllModules_areInTheTable() throws IOException {
        Rooms rooms = Rooms.of(sources("main", "api", "impl", "bench"));
        System.out.println(rooms);
        assertEquals("", String.join("\n", rooms.forbidden(TABLE)));
    }

    @Test
    void rooms_theTable_hasNoCircle() {
        assertEquals("", String.join("\n", Rooms.circles(TABLE, PAIRS)));
    }

    @Test
    void rooms_forbiddenImport_isFound() {
        String ours = "io.github.futuresockets";
        for (String line : List.of(
                "import " + ours + ".impl.engine.Engine;",
                "import static " + ours + ".impl.engine.Engine.of;",
                "class A { " + ours + ".impl.engine.Engine engine; }")) {
            Rooms rooms = new Rooms();
            rooms.add("package " + ours + ".impl.connection;\n\n" + line);
            assertEquals(List.of("impl.connection must not depend on impl.engine"), rooms.forbidden(TABLE));
        }
        Rooms unknown = new Rooms();
        unknown.add("package " + ours + ".impl.attic;");
        assertEquals(List.of("impl.attic is in no table"), unknown.forbidden(TABLE));
    }

    @Test
    void rooms_circleInATable_isFound() {
        Map<String, Set<String>> circle = Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of("a"));
        assertFalse(Rooms.circles(circle, Set.of()).isEmpty());
        assertEquals(List.of(), Rooms.circles(Map.of("a", Set.of("b"), "b", Set.of("a")), Set.of(Set.of("a", "b"))));
    }

    @Test
    void sources_markersOfUnfinishedWork_areAbsent() throws IOException {
        assertEquals("", matches(sources("main", "api", "impl", "bench"), UNFINISHED));
        assertEquals("", matches(sources("test", "api", "impl", "bench"), UNFINISHED));
    }

    @Test
    void library_printsAndSleeps_areAbsent() throws IOException {
        assertEquals("", matches(sources("main", "api", "impl"), NOT_IN_A_LIBRARY));
    }

    @Test
    void sources_lines_fitAPage() throws IOException {
        assertEquals("", matches(sources("main", "api", "impl", "bench"), line -> line.length() > LONGEST_LINE));
    }

    private static List<Path> sources(String kind, String... modules) throws IOException {
        var files = new ArrayList<Path>();
        for (String module : modules) {
            Path folder = Path.of("..", module, "src", kind, "java");
            if (Files.isDirectory(folder)) {
                try (Stream<Path> all = Files.walk(folder)) {
                    all.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
                }
            }
        }
        return files;
    }

    private static String matches(List<Path> files, Predicate<String> unwanted) throws IOException {
        var found = new ArrayList<String>();
        for (Path file : files) {
            for (String line : Files.readAllLines(file)) {
                if (unwanted.test(line)) {
                    found.add(file + ": " + line.strip());
                }
            }
        }
        return String.join("\n", found);
    }
}

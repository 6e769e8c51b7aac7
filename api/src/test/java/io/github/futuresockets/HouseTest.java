package io.github.futuresockets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house that no compiler knows, for the sources of every module. */
class HouseTest {

    private static final int LONGEST = 400;
    private static final Predicate<String> UNFINISHED =
            Pattern.compile("\\b(?:TO[D]O|FIX[M]E|X[X]X)\\b|@Disable[d]\\b").asPredicate();
    private static final Predicate<String> NOT_IN_A_LIBRARY = Pattern.compile(
                    "^(?!\\s*[/*]).*\\b(?:System\\.(?:out|err|exit)|Thread\\.sleep|printStackTrace)\\b")
            .asPredicate();

    @Test
    void noMainFileIsLong() throws IOException {
        var tooLong = new ArrayList<String>();
        for (Path file : sources("main", "api", "impl", "bench")) {
            int lines = Files.readAllLines(file).size();
            if (lines > LONGEST) {
                tooLong.add(file + " has " + lines + " lines, more than " + LONGEST);
            }
        }
        assertEquals("", String.join("\n", tooLong));
    }

    @Test
    void nothingIsLeftUnfinished() throws IOException {
        assertEquals("", matches(sources("main", "api", "impl", "bench"), UNFINISHED));
        assertEquals("", matches(sources("test", "api", "impl", "bench"), UNFINISHED));
    }

    @Test
    void theLibraryNeitherPrintsNorSleeps() throws IOException {
        assertEquals("", matches(sources("main", "api", "impl"), NOT_IN_A_LIBRARY));
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

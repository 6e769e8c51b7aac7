package io.github.futuresockets.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the program in README.md prints the stated output, and the snippets match tested examples. */
class ReadmeTest {
    private static final Pattern PROGRAM = Pattern.compile("```java\\n(.*?public class (\\w+).*?)```", Pattern.DOTALL);
    private static final Pattern PIECE = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Path EXAMPLES = Path.of("src/test/java/io/github/futuresockets/impl/examples");
    private static final Pattern PRINTS = Pattern.compile("The program prints `([^`]*)`");

    @Test
    void readmeProgram_compiled_printsStatedOutput(@TempDir Path folder) throws Exception {
        String readme = Files.readString(Path.of("..", "README.md"));
        Matcher program = PROGRAM.matcher(readme);
        Matcher prints = PRINTS.matcher(readme);
        assertTrue(program.find() && prints.find(), "README.md has a program and says what it prints");
        String name = program.group(2);
        Path source = Files.writeString(folder.resolve(name + ".java"), program.group(1));
        String classPath =
                Path.of("..", "api", "target", "classes") + File.pathSeparator + Path.of("target", "classes");

        int compiled = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(System.out, System.err, "-cp", classPath, "-d", folder.toString(), source.toString());
        assertEquals(0, compiled);

        assertEquals(prints.group(1), run(classPath + File.pathSeparator + folder, name, folder.resolve("output")));
    }

    /** Searches the tested examples for each paragraph of a snippet, line by line. */
    @Test
    void readmeSnippets_matchExamples() throws IOException {
        List<String> examples = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(EXAMPLES, "*.java")) {
            for (Path file : files) {
                examples.add(plain(Files.readString(file)));
            }
        }
        int pieces = 0;
        for (Matcher piece = PIECE.matcher(Files.readString(Path.of("..", "README.md"))); piece.find(); ) {
            if (piece.group(1).contains("public class")) {
                continue;
            }
            pieces++;
            for (String part : piece.group(1).split("\n\n")) {
                assertTrue(examples.stream().anyMatch(each -> each.contains(plain(part))), part);
            }
        }
        assertTrue(pieces >= 3, () -> "README.md shows examples");
    }

    /** Returns the code without block comments, blank lines and indentation. */
    private static String plain(String code) {
        return code.replaceAll("(?s)/\\*.*?\\*/", "")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    private static String run(String classPath, String name, Path output) throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(java.toString(), "-cp", classPath, name)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(30, TimeUnit.SECONDS);
        process.destroyForcibly();
        String printed = Files.readString(output).strip();
        assertTrue(ended, () -> "the program ends; it printed: " + printed);
        return printed;
    }
}

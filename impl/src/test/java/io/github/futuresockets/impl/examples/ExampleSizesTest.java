package io.github.futuresockets.impl.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Limits on the number of code lines in the examples. The lines of a class count from the declaration to the last
 * brace, except for blank lines and comments. So the package, the imports and enclosing classes do not count.
 */
class ExampleSizesTest {
    private static final Path SOURCES = Path.of("src/test/java/io/github/futuresockets/impl/examples");
    private static final Pattern COMMENT =
            Pattern.compile("/\\*.*?\\*/|//[^\n\"]*$", Pattern.DOTALL | Pattern.MULTILINE);

    /** The limit of each of the seven programs is the length of its original, counted in the same way. */
    @ParameterizedTest(name = "{0}: at most {1} lines")
    @CsvSource({
        "SevenPrograms.Echo, 19",
        "SevenPrograms.Printer, 27",
        "SevenPrograms.MessageReader, 58",
        "SevenPrograms.Store, 40",
        "SevenPrograms.Bank, 38",
        "SevenPrograms.Connector, 12",
        "SevenPrograms.Chat, 35",
        "Redis, 50",
        "HttpGet, 44",
        "LineServer, 20",
        "Forwarder, 12",
        "PortScanner, 15",
        "Echo, 20",
        "Chat, 30",
        "TypedMessages, 11",
        "RpcServer, 12",
        "Rpc, 62",
        "FileUpload, 16",
        "ProtocolUnitTest, 15",
        "ConnectionPool, 30",
        "HttpsHello, 16",
        "Memcached.Server, 34",
        "Memcached.Client, 33",
        "Memcached, 93",
        "Mqtt, 93",
        "Postgres, 62",
        "Mail.Server, 45",
        "Mail, 75",
    })
    void example_linesOfCode_areWithinLimit(String example, int limit) throws IOException {
        List<String> lines = linesOf(example);
        assertTrue(!lines.isEmpty(), example + " is not there");
        assertTrue(
                lines.size() <= limit,
                () -> example + " has " + lines.size() + " lines, more than " + limit + ":\n"
                        + String.join("\n", lines));
    }

    /** Finds the last brace of a class by its indentation, because the formatter aligns brace and declaration. */
    private static List<String> linesOf(String example) throws IOException {
        String file = example.replaceAll("\\..*", "");
        String name = example.replaceAll(".*\\.", "");
        String code = COMMENT.matcher(Files.readString(SOURCES.resolve(file + ".java")))
                .replaceAll("");
        Pattern region = Pattern.compile(
                "^( *)(?:\\w+ )*(?:class|record|interface) " + name + "\\b.*?^\\1\\}$|\\z",
                Pattern.DOTALL | Pattern.MULTILINE);
        return region.matcher(code)
                .results()
                .findFirst()
                .orElseThrow()
                .group()
                .lines()
                .filter(line -> !line.isBlank())
                .collect(Collectors.toList());
    }
}

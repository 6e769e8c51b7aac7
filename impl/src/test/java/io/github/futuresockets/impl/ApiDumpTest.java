package io.github.futuresockets.impl;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.loop.LoopChannelProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Modifier;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests that the exported packages have exactly the visible members in {@code api.txt}. */
class ApiDumpTest {

    private static final Path COMMITTED = Path.of("src", "test", "resources", "api.txt");
    private static final String UPDATE =
            "./mvnw -q -pl api,impl test -Dtest=ApiDumpTest -Dsurefire.failIfNoSpecifiedTests=false -Dapi.update=true";

    @Test
    void publicApi_equalsCommittedDump() throws Exception {
        String now = dump();
        if (Boolean.getBoolean("api.update")) {
            Files.createDirectories(COMMITTED.getParent());
            Files.writeString(COMMITTED, now);
        }
        String then = Files.exists(COMMITTED) ? Files.readString(COMMITTED) : "";
        Set<String> difference = difference(members(then), members(now));
        if (!difference.isEmpty()) {
            fail("the public API changed:\n" + String.join("\n", difference) + "\nIf that is meant: " + UPDATE);
        }
        assertEquals(then, now, () -> COMMITTED + " is not as it would be written: " + UPDATE);
    }

    /** Returns the visible classes in alphabetical order. The members of a class are sorted by their text. */
    private static String dump() throws Exception {
        var classes = new TreeMap<String, String>();
        for (Module module : List.of(AsyncSockets.class.getModule(), LoopChannelProvider.class.getModule())) {
            Path location = location(module);
            for (var export : module.getDescriptor().exports().stream()
                    .filter(each -> !each.isQualified())
                    .toList()) {
                for (String name : classNames(location, export.source())) {
                    if (visible(Class.forName(name, false, AsyncSockets.class.getClassLoader()))) {
                        classes.put(name, describe(location, name));
                    }
                }
            }
        }
        return String.join("\n", classes.values());
    }

    /** Returns the directory or the archive of a module, without the classes that the tests add to the module. */
    private static Path location(Module module) {
        var resolved = module.getLayer().configuration().findModule(module.getName());
        return Path.of(resolved.orElseThrow().reference().location().orElseThrow());
    }

    private static List<String> classNames(Path location, String packageName) throws IOException {
        if (Files.isDirectory(location)) {
            return classNamesIn(location.resolve(packageName.replace('.', '/')), packageName);
        }
        try (FileSystem archive = FileSystems.newFileSystem(location)) {
            return classNamesIn(archive.getPath(packageName.replace('.', '/')), packageName);
        }
    }

    private static List<String> classNamesIn(Path folder, String packageName) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".class") && !file.equals("package-info.class"))
                    .map(file -> packageName + "." + file.replaceAll("\\.class$", ""))
                    .toList();
        }
    }

    private static boolean visible(Class<?> type) {
        boolean here = (type.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
        boolean hidden = type.isSynthetic() || type.isAnonymousClass() || type.isLocalClass();
        return here && !hidden && (type.getDeclaringClass() == null || visible(type.getDeclaringClass()));
    }

    private static String describe(Path location, String name) {
        var out = new StringWriter();
        int exit = ToolProvider.findFirst("javap")
                .orElseThrow()
                .run(
                        new PrintWriter(out),
                        new PrintWriter(out),
                        "-protected",
                        "-constants",
                        "-classpath",
                        location.toString(),
                        name);
        assertEquals(0, exit, out::toString);
        var head = new ArrayList<String>();
        var members = new TreeSet<String>();
        out.toString()
                .lines()
                .filter(line -> !line.startsWith("Compiled from") && !line.equals("}"))
                .forEach(line -> (line.startsWith("  ") ? members : head).add(line.replaceAll(" \\{$", "")));
        return Stream.concat(head.stream(), members.stream()).collect(joining("\n", "", "\n"));
    }

    /** Returns a line for each member, with the name of the class in front. */
    private static Set<String> members(String dump) {
        var lines = new TreeSet<String>();
        String type = "";
        for (String line : dump.lines().filter(text -> !text.isEmpty()).toList()) {
            if (!line.startsWith("  ")) {
                type = line.replaceAll("^.*?(?:class|interface) ([\\w.$]+).*$", "$1");
            }
            lines.add(type + ": " + line.strip());
        }
        return lines;
    }

    private static Set<String> difference(Set<String> then, Set<String> now) {
        var lines = new TreeSet<String>(Comparator.comparing(line -> line.substring(2)));
        then.stream().filter(line -> !now.contains(line)).forEach(line -> lines.add("- " + line));
        now.stream().filter(line -> !then.contains(line)).forEach(line -> lines.add("+ " + line));
        return lines;
    }
}

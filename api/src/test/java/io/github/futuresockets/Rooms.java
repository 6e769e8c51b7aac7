package io.github.futuresockets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The dependencies between the packages of the project, as shown by the imports of the sources. */
final class Rooms {
    private static final String ROOT = "io.github.futuresockets";
    private static final Pattern PACKAGE = Pattern.compile("^package " + ROOT + "([\\w.]*);", Pattern.MULTILINE);
    private static final Pattern IMPORT =
            Pattern.compile("^import (?:static )?" + ROOT + "((?:\\.[a-z][\\w]*)*)\\.[A-Z*]", Pattern.MULTILINE);
    private static final Pattern QUALIFIED = Pattern.compile("(?<![\\w.])" + ROOT + "((?:\\.[a-z]\\w*)*)\\.[A-Z]\\w*");
    private static final Pattern PROSE = Pattern.compile("(?s)/\\*.*?\\*/|//[^\n]*|\"(?:\\\\.|[^\"\\\\\n])*\"");

    /** The imported rooms of each room, with the number of imports. */
    private final Map<String, Map<String, Integer>> arrows = new TreeMap<>();

    /** Reads source files. */
    static Rooms of(Collection<Path> files) throws IOException {
        Rooms rooms = new Rooms();
        for (Path file : files) {
            rooms.add(Files.readString(file));
        }
        return rooms;
    }

    /** Adds the dependencies of a source. Names in comments and strings do not count. */
    void add(String source) {
        String code = PROSE.matcher(source).replaceAll("");
        Matcher name = PACKAGE.matcher(code);
        if (!name.find()) {
            return;
        }
        Map<String, Integer> from = arrows.computeIfAbsent(room(name.group(1)), any -> new TreeMap<>());
        count(IMPORT.matcher(code), from, room(name.group(1)));
        count(QUALIFIED.matcher(code.replaceAll("(?m)^(?:import|package) .*$", "")), from, room(name.group(1)));
    }

    private static void count(Matcher used, Map<String, Integer> from, String self) {
        while (used.find()) {
            String to = room(used.group(1));
            if (!to.equals(self)) {
                from.merge(to, 1, Integer::sum);
            }
        }
    }

    /** Returns the name of a room, which is the package name without the root. The root package is {@code main}. */
    private static String room(String suffix) {
        return suffix.isEmpty() ? "main" : suffix.substring(1);
    }

    /** Returns the dependencies missing from a table, and the rooms missing from the table. */
    List<String> forbidden(Map<String, Set<String>> allowed) {
        List<String> found = new ArrayList<>();
        arrows.forEach((from, all) -> {
            if (!allowed.containsKey(from)) {
                found.add(from + " is in no table");
            }
            all.keySet().stream()
                    .filter(to -> !allowed.getOrDefault(from, Set.of()).contains(to))
                    .forEach(to -> found.add(from + " must not depend on " + to));
        });
        return found;
    }

    /** Returns the rooms with a circular dependency, apart from sanctioned direct pairs. */
    static List<String> circles(Map<String, Set<String>> table, Set<Set<String>> sanctioned) {
        List<String> found = new ArrayList<>();
        for (String start : table.keySet()) {
            Map<String, String> cameFrom = new LinkedHashMap<>();
            Deque<String> open = new ArrayDeque<>(List.of(start));
            while (!open.isEmpty()) {
                String at = open.poll();
                for (String next : new TreeSet<>(table.getOrDefault(at, Set.of()))) {
                    if (sanctioned.contains(Set.of(at, next))) {
                        continue;
                    }
                    if (next.equals(start)) {
                        found.add(start + " reaches itself through " + at);
                    } else if (cameFrom.putIfAbsent(next, at) == null) {
                        open.add(next);
                    }
                }
            }
        }
        return found;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        arrows.forEach((from, all) -> text.append(from)
                .append(" -> ")
                .append(all.isEmpty() ? "-" : all.toString().replaceAll("[{}]", ""))
                .append('\n'));
        return text.toString();
    }
}

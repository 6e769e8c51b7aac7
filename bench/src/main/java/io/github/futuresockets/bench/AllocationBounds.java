package io.github.futuresockets.bench;

import io.github.futuresockets.bench.common.UsageException;
import io.github.futuresockets.bench.peer.Peers;
import io.github.futuresockets.bench.peer.Protocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bytes of heap that each server may allocate for a message, as a table with a column for each JDK.
 *
 * <ul>
 *   <li>The first line has the titles {@code protocol peer}, and the feature versions of JDKs in ascending order.
 *   <li>Each further line has a protocol, a peer, and a bound for each of the JDKs.
 *   <li>Blank lines and lines with a leading # are ignored.
 * </ul>
 */
final class AllocationBounds {
    private static final String RESOURCE = "allocation-bounds.txt";

    /** A server with its protocol. */
    record Subject(Protocol protocol, String peer) {
        @Override
        public String toString() {
            return protocol + " " + peer;
        }
    }

    private final Map<Subject, Double> bytes = new LinkedHashMap<>();

    /**
     * Parses a table.
     *
     * @param feature the feature version of the JDK that selects the column. If the JDK has no column, the column of
     *     the next older JDK counts.
     */
    AllocationBounds(List<String> table, int feature) throws IOException {
        int column = -1;
        for (String line : table) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] fields = line.trim().split("\\s+");
            try {
                if (column < 0) {
                    column = column(fields, feature);
                } else if (bytes.put(subject(fields), Double.parseDouble(fields[column])) != null) {
                    throw new UsageException("it is there twice");
                }
            } catch (UsageException | IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new IOException("a line of the bounds is wrong: " + line, e);
            }
        }
        if (bytes.isEmpty()) {
            throw new IOException("there are no bounds");
        }
    }

    /** Returns the bounds for this JVM from a file, or from the program's resource if the name of the file is empty. */
    static AllocationBounds read(String file) throws IOException {
        int feature = Runtime.version().feature();
        if (!file.isEmpty()) {
            return new AllocationBounds(Files.readAllLines(Path.of(file)), feature);
        }
        try (InputStream in = AllocationBounds.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IOException("the resource " + RESOURCE + " is missing");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            return new AllocationBounds(lines.lines().toList(), feature);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static int column(String[] titles, int feature) throws UsageException {
        int column = -1;
        for (int i = 2; i < titles.length && Integer.parseInt(titles[i]) <= feature; i++) {
            column = i;
        }
        if (column < 0) {
            throw new UsageException("nothing for JDK " + feature);
        }
        return column;
    }

    private static Subject subject(String[] fields) throws UsageException {
        Subject subject = new Subject(Protocol.named(fields[0]), fields[1]);
        Peers.create(subject.peer(), subject.protocol());
        return subject;
    }

    /** Returns the servers of the table, in the order of the table. */
    List<Subject> subjects() {
        return List.copyOf(bytes.keySet());
    }

    double of(Subject subject) {
        Double bound = bytes.get(subject);
        if (bound == null) {
            throw new IllegalArgumentException("no bound: " + subject);
        }
        return bound;
    }

    /** Returns the servers that exceed their bounds. A server without a measured value counts as well. */
    List<Subject> exceeded(Map<Subject, Double> measured) {
        List<Subject> exceeded = new ArrayList<>();
        for (Subject each : subjects()) {
            Double taken = measured.get(each);
            // The negation makes NaN exceed every bound.
            if (taken == null || !(taken <= of(each))) {
                exceeded.add(each);
            }
        }
        return exceeded;
    }
}

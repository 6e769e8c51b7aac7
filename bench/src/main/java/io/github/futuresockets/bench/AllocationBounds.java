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
 * How many bytes of heap each server may take for a message. A table: its first line is {@code protocol peer} and JDKs in
 * rising order, each further one has a bound for each of them. Lines with # are remarks.
 */
final class AllocationBounds {
    private static final String RESOURCE = "allocation-bounds.txt";

    /** A server in one protocol. */
    record Subject(Protocol protocol, String peer) {
        @Override
        public String toString() {
            return protocol + " " + peer;
        }
    }

    private final Map<Subject, Double> bytes = new LinkedHashMap<>();

    /**
     * Reads the table.
     *
     * @param feature whose JDK's column counts; the next older one if it has none
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

    /** Those of this JVM: of a file, or of the program if its name is empty. */
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

    /** What is to be measured. */
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

    /** Those that take more than they may. */
    List<Subject> exceeded(Map<Subject, Double> measured) {
        List<Subject> exceeded = new ArrayList<>();
        for (Subject each : subjects()) {
            Double taken = measured.get(each);
            // Not a number is not within a bound either.
            if (taken == null || !(taken <= of(each))) {
                exceeded.add(each);
            }
        }
        return exceeded;
    }
}

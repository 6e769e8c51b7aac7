package io.github.futuresockets.bench.common;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a command, in the form {@code --name value} or {@code --name=value}. A flag has no value. Each
 * getter removes its argument, and {@link #end} fails if an argument is left.
 */
public final class Arguments {
    private static final Set<String> FLAGS = Set.of("quick", "tls");

    private final Map<String, String> given = new LinkedHashMap<>();

    public Arguments(List<String> words) throws UsageException {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("--")) {
                throw new UsageException("unexpected argument: " + word);
            }
            int equals = word.indexOf('=');
            String name = word.substring(2, equals < 0 ? word.length() : equals);
            if (FLAGS.contains(name)) {
                given.put(name, "");
                continue;
            }
            if (equals < 0 && ++i == words.size()) {
                throw new UsageException("--" + name + " needs a value");
            }
            if (given.put(name, equals < 0 ? words.get(i) : word.substring(equals + 1)) != null) {
                throw new UsageException("--" + name + " is given twice");
            }
        }
    }

    /** Returns true if a flag is given. */
    public boolean flag(String name) {
        return given.remove(name) != null;
    }

    public String text(String name, String otherwise) {
        String value = given.remove(name);
        return value == null ? otherwise : value;
    }

    public String text(String name) throws UsageException {
        return required(name, given.remove(name));
    }

    public int number(String name, int otherwise, int min, int max) throws UsageException {
        return (int) number(name, given.remove(name), otherwise, min, max);
    }

    public int number(String name, int min, int max) throws UsageException {
        return (int) number(name, required(name, given.remove(name)), 0, min, max);
    }

    public long number(String name, long otherwise) throws UsageException {
        return number(name, given.remove(name), otherwise, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** Fails if an argument is left after the last getter, because the command does not know such an argument. */
    public void end() throws UsageException {
        if (!given.isEmpty()) {
            throw new UsageException(
                    "unknown argument: --" + given.keySet().iterator().next());
        }
    }

    private static String required(String name, @Nullable String value) throws UsageException {
        if (value == null) {
            throw new UsageException("--" + name + " is missing");
        }
        return value;
    }

    private static long number(String name, @Nullable String value, long otherwise, long min, long max)
            throws UsageException {
        if (value == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new UsageException("--" + name + " is not a whole number: " + value);
        }
        throw new UsageException("--" + name + " must be " + min + " to " + max + ", not " + value);
    }
}

package io.github.futuresockets.impl;

import io.github.futuresockets.impl.common.Clock;
import io.github.futuresockets.impl.common.Supplies;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Counts the points at which an error may be thrown, and throws an error at the target point. Thread-safe. */
final class Faults implements Supplies.Memory, Supplies.Threads {

    /** The kind of a point, by the resource or the code in use there. */
    enum Kind {
        MEMORY,
        THREAD,
        TIMER,
        EXECUTOR,
        JDK,
        CODEC,
        ENGINE,
        RESOLVER,
        OPTIONS,
        CALLBACK,
        CHANNEL
    }

    static final Set<Kind> RESOURCES = Set.of(Kind.MEMORY, Kind.THREAD, Kind.TIMER);

    /** The number of stack frames that distinguish two places in the code. */
    private static final int CALLERS = 5;

    /** Unless a run is thorough, only the occurrences 1, 33, 65, ... at each place are points. */
    private static final int EACH = 32;

    private final int target;
    private final Set<Kind> kinds;
    private final boolean lasting;
    private final boolean thorough;

    // Guarded by this: the following fields, with the entries of the map.
    private final Map<String, Integer> asked = new HashMap<>();
    private boolean on;
    private int met;
    private Kind hit;
    private String where;

    /**
     * Creates a run that throws at the point with the number {@code target}. Only points of the given kinds count.
     *
     * @param lasting true to throw at all later occurrences of the same kind as well
     * @param thorough true to count each occurrence as a point; false to count only some occurrences at each place
     */
    Faults(int target, Set<Kind> kinds, boolean lasting, boolean thorough) {
        this.target = target;
        this.kinds = kinds;
        this.lasting = lasting;
        this.thorough = thorough;
    }

    synchronized void begin() {
        on = true;
    }

    /** Stops the injection of errors. */
    synchronized void end() {
        on = false;
    }

    /** Returns the point that threw; null if the run met fewer points than the target. */
    synchronized String where() {
        return where;
    }

    synchronized Kind hit() {
        return hit;
    }

    void at(Kind kind, String what) {
        if (isHit(kind, what)) {
            throwAny(thrown(kind, what));
        }
    }

    private synchronized boolean isHit(Kind kind, String what) {
        if (!on || !kinds.contains(kind)) {
            return false;
        }
        if (!thorough && asked.merge(kind + what + callers(), 1, Integer::sum) % EACH != 1) {
            return lasting && kind == hit;
        }
        met++;
        if (met == target) {
            hit = kind;
            where = kind + " " + what;
        }
        return met == target || lasting && kind == hit;
    }

    private static String callers() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(Faults::isOurs)
                        .limit(CALLERS)
                        .map(frame -> frame.getClassName() + frame.getMethodName())
                        .collect(Collectors.joining()));
    }

    private static boolean isOurs(StackWalker.StackFrame frame) {
        return frame.getClassName().startsWith("io.github.futuresockets.")
                && !frame.getClassName().contains(".Fault");
    }

    /**
     * Returns the error for a point. Resources fail with an OutOfMemoryError. Foreign code fails with one of several
     * errors, and in a thorough run also with an exception.
     */
    private Throwable thrown(Kind kind, String what) {
        String message = "injected: " + kind + " " + what;
        if (RESOURCES.contains(kind)) {
            return new OutOfMemoryError(message);
        }
        switch (target % (thorough ? 4 : 3)) {
            case 0:
                return new StackOverflowError(message);
            case 1:
                return new NoClassDefFoundError(message);
            case 2:
                return new OutOfMemoryError(message);
            default:
                return new IllegalStateException(message);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void throwAny(Throwable failure) throws E {
        throw (E) failure;
    }

    @Override
    public ByteBuffer direct(int bytes) {
        at(Kind.MEMORY, "direct " + bytes);
        return ByteBuffer.allocateDirect(bytes);
    }

    @Override
    public ByteBuffer array(int bytes) {
        at(Kind.MEMORY, "array " + bytes);
        return ByteBuffer.allocate(bytes);
    }

    /** Returns a factory whose threads may fail to start, as if the JVM could not create a native thread. */
    @Override
    public ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(null, task, name, 0, false) {
                @Override
                public void start() {
                    at(Kind.THREAD, name);
                    super.start();
                }
            };
            thread.setDaemon(true);
            return thread;
        };
    }

    Clock over(Clock clock) {
        return new Clock() {
            @Override
            public long nanoTime() {
                return clock.nanoTime();
            }

            @Override
            public Future<?> schedule(Runnable task, long nanos) {
                at(Kind.TIMER, "alarm");
                return clock.schedule(task, nanos);
            }

            @Override
            public Future<?> later(Runnable task, long nanos) {
                at(Kind.TIMER, "later");
                return clock.later(task, nanos);
            }

            @Override
            public LongSupplier simulated() {
                return clock.simulated();
            }

            @Override
            public void shutdown() {
                clock.shutdown();
            }
        };
    }

    Executor over(Executor executor) {
        return task -> {
            at(Kind.EXECUTOR, "completion");
            executor.execute(task);
        };
    }

    /** The number of errors thrown at each point, by kind. */
    static final class Visited {
        private final Map<Kind, Map<String, Integer>> all = new TreeMap<>();

        void add(Faults run) {
            all.computeIfAbsent(run.hit(), kind -> new TreeMap<>()).merge(run.where(), 1, Integer::sum);
        }

        Set<Kind> kinds() {
            return all.keySet();
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            all.forEach((kind, points) ->
                    text.append("\n  ").append(kind).append(": ").append(points));
            return text.toString();
        }
    }
}

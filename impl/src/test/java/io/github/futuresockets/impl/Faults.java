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

/** Points at which something may be thrown, counted as they are met; at one of them it is. Thread-safe. */
final class Faults implements Supplies.Memory, Supplies.Threads {

    /** What is asked for at a point. */
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

    /** So many callers tell one place where something is asked for from another. */
    private static final int CALLERS = 5;

    /** Of each thing that is asked for at one place: the first time, and then each of so many. */
    private static final int EACH = 32;

    private final int target;
    private final Set<Kind> kinds;
    private final boolean lasting;
    private final boolean thorough;
    private final Map<String, Integer> asked = new HashMap<>();
    private boolean on;
    private int met;
    private Kind hit;
    private String where;

    /**
     * Throws at the point of that number among those of these kinds.
     *
     * @param lasting throws at all points of its kind behind it too
     * @param thorough each time that something is asked for is a point of its own; otherwise not each of many times
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

    /** Nothing is thrown any more. */
    synchronized void end() {
        on = false;
    }

    /** The point at which something was thrown; null if there were not so many. */
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

    /** What is asked of the JVM fails for want of memory; foreign code with any Error, and now and then with an exception. */
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

    /** As when the JVM cannot start a thread: the factory gives one, and its start throws. */
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

    /** How often something was thrown at which points, by kind. */
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

package io.github.futuresockets.compose;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Work that a single thread at a time performs, on behalf of all threads that ask for the work. Thread-safe.
 *
 * <p>A call of {@link #drain} runs the work at once, or leaves the call to the thread in the work. Either way a run of
 * the work begins after the call. Runs never overlap and never nest. So the work needs no lock, and a call from within
 * the work does not deepen the stack.
 */
public final class SerialDrain {
    /*
     * The drainer is the thread in the work. A call is unserved until a run of the work begins after the call.
     * - IDLE: there is no drainer, and no unserved call.
     * - RUNNING: there is a drainer, and no unserved call.
     * - AGAIN: there is a drainer, and at least one unserved call.
     * Transitions:
     * - IDLE -> RUNNING or AGAIN, by a caller. The caller becomes the drainer.
     * - RUNNING or AGAIN -> AGAIN, by any other caller. The caller returns.
     * - AGAIN -> RUNNING, by the drainer, before the next run.
     * - RUNNING -> IDLE, by the drainer, after a run. The drainer returns.
     * Only the drainer leaves RUNNING for IDLE, so there is never a second drainer. AGAIN never becomes IDLE, so no
     * call is lost. Each transition is an atomic update, so a run sees all writes that precede the calls served by the
     * run.
     */
    private static final int IDLE = 0;
    private static final int RUNNING = 1;
    private static final int AGAIN = 2;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(SerialDrain.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Runnable work;

    // Changed by atomic updates alone.
    private volatile int state;

    /**
     * Creates a drain at rest.
     *
     * @param work does everything that is possible now, and may call {@link #drain}. An exception does not stop the
     *     drain
     */
    public SerialDrain(Runnable work) {
        this.work = work;
    }

    /**
     * Runs the work, and runs the work again as long as further calls come meanwhile. If a run is in progress, on any
     * thread, returns at once.
     *
     * <p>Throws the first exception or error of the work, after all calls are served.
     */
    public void drain() {
        if (!STATE.compareAndSet(this, IDLE, RUNNING) && (int) STATE.getAndSet(this, AGAIN) != IDLE) {
            return;
        }
        Throwable thrown = null;
        boolean over;
        do {
            try {
                work.run();
            } catch (Throwable e) {
                thrown = thrown == null ? e : thrown;
            }
            over = STATE.compareAndSet(this, RUNNING, IDLE);
            if (!over) {
                STATE.getAndSet(this, RUNNING);
            }
        } while (!over);
        if (thrown != null) {
            rethrow(thrown);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void rethrow(Throwable thrown) throws E {
        throw (E) thrown;
    }
}

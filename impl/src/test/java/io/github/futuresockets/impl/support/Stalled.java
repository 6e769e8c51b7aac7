package io.github.futuresockets.impl.support;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Waits for a counter to stop. A slow counter may be taken for a stopped counter, without harm to the test. */
public final class Stalled {
    private Stalled() {}

    /** Returns the value of the counter. The counter is above 0, and has not changed for 200 milliseconds. */
    public static long at(LongSupplier count) {
        long last = -1;
        for (int same = 0; same < 20; ) {
            LockSupport.parkNanos(10_000_000);
            long now = count.getAsLong();
            same = now == last && now > 0 ? same + 1 : 0;
            last = now;
        }
        return last;
    }
}

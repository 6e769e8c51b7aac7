package io.github.futuresockets.impl.support;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Waits until something does not go on. Who is slow, rather than held up, is seen too early; nothing fails for it. */
public final class Stalled {
    private Stalled() {}

    /** The number at which it has stopped. */
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

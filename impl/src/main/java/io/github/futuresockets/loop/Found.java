package io.github.futuresockets.loop;

import java.nio.channels.SelectionKey;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The registrations that a poll has found ready. Confined to the thread that made the object. */
final class Found implements Consumer<SelectionKey> {
    private @Nullable Registration[] ready = new Registration[64];
    private int count;

    /** The number of registrations that {@link #next} has returned. */
    private int told;

    @Override
    public void accept(SelectionKey key) {
        Registration each = (Registration) key.attachment();
        if (each != null && each.found()) {
            if (count == ready.length) {
                ready = Arrays.copyOf(ready, 2 * count);
            }
            ready[count++] = each;
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Takes out the next registration. Returns null if none is left. */
    @Nullable Registration next() {
        if (told == count) {
            return null;
        }
        Registration next = ready[told];
        ready[told++] = null;
        return next;
    }

    void clear() {
        count = 0;
        told = 0;
    }
}

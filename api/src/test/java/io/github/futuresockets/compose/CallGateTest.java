package io.github.futuresockets.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.future.Await;
import io.github.futuresockets.future.Races;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests that a wait at a {@link CallGate} ends exactly with the call of another thread, and does not spin. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CallGateTest {
    private final CallGate gate = new CallGate();

    private Thread waiter(Runnable afterwards) {
        Thread waiter = new Thread(() -> {
            gate.awaitOther();
            afterwards.run();
        });
        waiter.start();
        return waiter;
    }

    @Test
    void awaitOther_noCallOrOwnCall_returnsAtOnce() {
        gate.awaitOther();
        gate.enter();
        gate.awaitOther();
        gate.leave();
        gate.awaitOther();
    }

    @Test
    void awaitOther_callInProgress_parksEachWaiterUntilItsEnd() throws Exception {
        boolean[] left = new boolean[1];
        boolean[] seen = new boolean[2];
        gate.enter();
        Thread first = waiter(() -> seen[0] = left[0]);
        Thread second = waiter(() -> seen[1] = left[0]);
        Await.parked(first);
        Await.parked(second);
        left[0] = true;
        gate.leave();
        first.join();
        second.join();
        assertTrue(seen[0] && seen[1]);
    }

    @Test
    void awaitOther_interrupted_waitsOnAndKeepsStatus() throws Exception {
        boolean[] seen = new boolean[2];
        gate.enter();
        Thread waiter = waiter(() -> seen[0] = Thread.currentThread().isInterrupted());
        Await.parked(waiter);
        waiter.interrupt();
        Await.until(() -> !waiter.isInterrupted());
        Await.parked(waiter);
        assertFalse(seen[0]);
        gate.leave();
        waiter.join();
        assertTrue(seen[0]);
    }

    @Test
    void leaveAndAwaitOther_race_waiterSeesTheCall() throws Exception {
        Races.run("leave and await", random -> {
            int[] made = new int[1];
            int[] seen = new int[1];
            boolean[] wanted = new boolean[1];
            CallGate each = new CallGate();
            each.enter();
            return new Races.Round(
                    () -> {
                        made[0] = 1;
                        each.leave();
                    },
                    () -> {
                        each.awaitOther();
                        seen[0] = made[0];
                        wanted[0] = true;
                    },
                    () -> {
                        assertTrue(wanted[0]);
                        assertEquals(1, seen[0]);
                    });
        });
    }
}

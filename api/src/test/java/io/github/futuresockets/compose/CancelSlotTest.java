package io.github.futuresockets.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.future.Races;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests that an item and a cancel of a {@link CancelSlot} meet in each order, and that a close excludes a cancel. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CancelSlotTest {
    private final List<String> cancelled = new ArrayList<>();
    private final CancelSlot<String> slot = new CancelSlot<>(cancelled::add);

    @Test
    void set_openSlot_holdsItemUntilClear() {
        assertNull(slot.get());
        slot.set("a");
        assertEquals("a", slot.get());
        slot.set("b");
        assertEquals("b", slot.get());
        slot.clear();
        assertNull(slot.get());
        assertTrue(slot.isOpen());
        assertEquals(List.of(), cancelled);
    }

    @Test
    void cancel_afterSet_cancelsCurrentItemAlone() {
        slot.set("a");
        slot.set("b");
        assertTrue(slot.cancel());
        assertEquals(List.of("b"), cancelled);
        assertTrue(slot.isCancelled());
        assertFalse(slot.isOpen());
        assertEquals("b", slot.get(), "for messages");
    }

    @Test
    void set_afterCancel_cancelsEachItem() {
        assertTrue(slot.cancel());
        slot.set("a");
        slot.set("b");
        assertEquals(List.of("a", "b"), cancelled);
    }

    @Test
    void cancel_afterClear_reachesNothing() {
        slot.set("a");
        slot.clear();
        assertTrue(slot.cancel());
        assertEquals(List.of(), cancelled);
        slot.clear();
        assertTrue(slot.isCancelled());
    }

    @Test
    void cancel_twice_reachesItemEachTime() {
        slot.set("a");
        assertTrue(slot.cancel());
        assertTrue(slot.cancel());
        assertEquals(List.of("a", "a"), cancelled);
    }

    @Test
    void close_beforeCancel_protectsItems() {
        slot.set("a");
        assertTrue(slot.close());
        assertFalse(slot.close());
        assertFalse(slot.cancel());
        slot.set("b");
        assertEquals(List.of(), cancelled);
        assertFalse(slot.isCancelled());
        assertFalse(slot.isOpen());
    }

    @Test
    void close_afterCancel_isRefused() {
        slot.cancel();
        assertFalse(slot.close());
        assertTrue(slot.isCancelled());
    }

    /** The canceller has set the phase and is within the cancel of the first item when the second item comes. */
    @Test
    void set_whileCancelRuns_cancelsItem() throws Exception {
        List<String> seen = new ArrayList<>();
        CountDownLatch cancelling = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CancelSlot<String> slow = new CancelSlot<>(item -> {
            seen.add(item);
            if (item.equals("first")) {
                cancelling.countDown();
                await(release);
            }
        });
        slow.set("first");
        Thread canceller = new Thread(slow::cancel);
        canceller.start();
        await(cancelling);
        slow.set("second");
        assertEquals(List.of("first", "second"), seen);
        assertTrue(slow.cancel(), "a second canceller does not rely on the first");
        assertEquals(List.of("first", "second", "second"), seen);
        release.countDown();
        canceller.join();
    }

    /** The setter has found the slot cancelled and is within the cancel of its item when another cancel comes. */
    @Test
    void cancel_whileSetCancels_cancelsItemBeforeReturn() throws Exception {
        List<Thread> seen = new ArrayList<>();
        CountDownLatch cancelling = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CancelSlot<String> slow = new CancelSlot<>(item -> {
            seen.add(Thread.currentThread());
            if (seen.size() == 1) {
                cancelling.countDown();
                await(release);
            }
        });
        slow.cancel();
        Thread setter = new Thread(() -> slow.set("item"));
        setter.start();
        await(cancelling);
        slow.cancel();
        assertEquals(List.of(setter, Thread.currentThread()), seen);
        release.countDown();
        setter.join();
    }

    @Test
    void cancel_stageThatIsDone_leavesItsResult() {
        CancelSlot<CompletableFuture<String>> stages = CancelSlot.ofStage();
        CompletableFuture<String> done = CompletableFuture.completedFuture("value");
        stages.set(done);
        assertTrue(stages.cancel());
        stages.set(done);
        assertEquals("value", done.join());
    }

    @Test
    void cancel_stageWithEffectAlready_goesOn() {
        CompletableFuture<String> stubborn = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return false;
            }
        };
        CancelSlot<CompletableFuture<String>> stages = CancelSlot.ofStage();
        stages.set(stubborn);
        assertTrue(stages.cancel());
        assertSame(stubborn, stages.get());
        assertFalse(stubborn.isDone());
        stubborn.complete("value");
        assertTrue(stages.isCancelled());
    }

    @Test
    void cancel_stageThatThrows_isCancelledAllTheSame() {
        CompletableFuture<String> broken = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                throw new UnsupportedOperationException("on purpose");
            }
        };
        CancelSlot<CompletableFuture<String>> stages = CancelSlot.ofStage();
        stages.set(broken);
        assertTrue(stages.cancel());
        stages.set(broken);
        assertTrue(stages.isCancelled());
    }

    /** Sets items 0, 1, 2 ... until a cancel. From the item that the canceller reaches, each item is cancelled. */
    @Test
    void setAndCancel_race_noItemEscapes() throws Exception {
        Races.run("set and cancel", random -> {
            Thread setter = Thread.currentThread();
            int[] byCanceller = {-1};
            int[] firstBySetter = {Integer.MAX_VALUE};
            CancelSlot<Integer> raced = new CancelSlot<>(item -> {
                if (Thread.currentThread() == setter) {
                    firstBySetter[0] = Math.min(firstBySetter[0], item);
                } else {
                    byCanceller[0] = item;
                }
            });
            return new Races.Round(
                    () -> {
                        int item = 0;
                        while (!raced.isCancelled()) {
                            raced.set(item++);
                        }
                        raced.set(item);
                    },
                    raced::cancel,
                    () -> assertTrue(
                            firstBySetter[0] <= byCanceller[0] + 1,
                            "the canceller has reached " + byCanceller[0] + ", the setter only " + firstBySetter[0]));
        });
    }

    @Test
    void closeAndCancel_race_exactlyOneWins() throws Exception {
        Races.run("close and cancel", random -> {
            CancelSlot<CompletableFuture<String>> stages = CancelSlot.ofStage();
            CompletableFuture<String> stage = new CompletableFuture<>();
            stages.set(stage);
            boolean[] won = new boolean[2];
            return new Races.Round(() -> won[0] = stages.close(), () -> won[1] = stages.cancel(), () -> {
                assertTrue(won[0] != won[1], "closed: " + won[0] + ", cancelled: " + won[1]);
                assertEquals(won[1], stage.isCancelled());
            });
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(15, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

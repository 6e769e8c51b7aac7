package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.impl.operation.MessageFeed;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ReadPendingException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Tests the turns of a feed, over a transport and a loop that the test drives. A message is a digit. */
class MessageFeedTest {
    private ScriptedHost host = ScriptedHost.make();
    private final Recording sink = new Recording();
    private MessageFeed<String> feed = feed();

    /** Records the calls of a feed. */
    private static final class Recording implements MessageFeed.Sink<String> {
        final List<String> calls = new ArrayList<>();

        /** Takes each message, and returns false for a pause. */
        Predicate<String> taking = message -> true;

        Throwable thrown;
        Throwable failure;
        boolean ready = true;
        Runnable atEnd = () -> {};

        /** Runs within each request whether messages may be passed. */
        Runnable duringReady = () -> {};

        @Override
        public boolean isReady() {
            duringReady.run();
            return ready;
        }

        @Override
        public boolean message(String message) throws Throwable {
            calls.add(message);
            if (thrown != null) {
                throw thrown;
            }
            return taking.test(message);
        }

        @Override
        public void turned() {
            calls.add(".");
        }

        @Override
        public void ended(Throwable cause) {
            calls.add("end");
            failure = cause;
            atEnd.run();
        }
    }

    private MessageFeed<String> feed() {
        return new MessageFeed<>(
                host.reads(),
                (in, seen) -> {
                    char digit = (char) in.get();
                    if (digit == '!') {
                        throw new IOException("not a digit");
                    }
                    return digit == '(' ? digit + "" + (char) in.get() : String.valueOf(digit);
                },
                16,
                "test",
                sink);
    }

    private void begin() {
        host.loop.onLoop(feed::begin);
    }

    private void arrive(String bytes) {
        host.transport.arrive(bytes).readable();
    }

    private String read(int length) {
        Read<String> read = host.reads().start(new TextRead(host.reads(), length));
        assertTrue(read.isDone(), "the read is pending");
        return read.join();
    }

    private String calls() {
        String all = String.join("", sink.calls);
        sink.calls.clear();
        return all;
    }

    @Test
    void turn_severalMessages_arePassedTogether() {
        begin();
        arrive("123(");
        assertEquals("123.", calls());
        assertEquals(1, host.transport.readRequests);
        arrive("4");
        assertEquals("(4.", calls());
    }

    @Test
    void begin_onAnotherThread_passesOnTheLoop() {
        host.transport.arrive("12");
        feed.begin();
        assertEquals("", calls());
        host.loop.runAll();
        assertEquals("12.", calls());
    }

    @Test
    void message_pause_leavesTheRestAndThePlace() {
        sink.taking = message -> !message.equals("2");
        begin();
        arrive("1234");
        assertEquals("12.", calls());
        assertEquals("3", read(1));
        host.loop.onLoop(feed::resume);
        assertEquals("4.", calls());
    }

    @Test
    void resume_beforeTheTurnEnds_continuesAfterTheTurn() {
        sink.taking = message -> {
            feed.resume();
            return false;
        };
        begin();
        arrive("12");
        assertEquals("1.2.", calls());
        arrive("3");
        assertEquals("3.", calls());
    }

    @Test
    void resume_onAnotherThread_continuesOnTheLoop() {
        sink.taking = message -> false;
        begin();
        arrive("12");
        assertEquals("1.", calls());
        feed.resume();
        assertEquals("", calls());
        host.loop.runAll();
        assertEquals("2.", calls());
    }

    @Test
    void read_afterATurn_isRefused() {
        begin();
        arrive("1");
        Read<String> read = host.reads().start(new TextRead(host.reads(), 1));
        assertTrue(read.isCompletedExceptionally());
        arrive("2");
        assertEquals("1.2.", calls());
    }

    @Test
    void turn_afterAYieldWithAnIncompleteMessage_waitsForBytes() {
        begin();
        arrive("1".repeat(64) + "(");
        assertTrue(host.loop.runNext());
        assertEquals(0, host.loop.waiting());
        arrive("2");
        assertTrue(calls().endsWith("(2."));
    }

    @Test
    void end_whileTheDecoderRuns_passesNoFurtherMessage() {
        IOException cause = new IOException("a reply");
        feed = new MessageFeed<>(
                host.reads(),
                (in, seen) -> {
                    feed.end(cause);
                    return String.valueOf((char) in.get());
                },
                16,
                "test",
                sink);
        begin();
        arrive("12");
        assertEquals(".end", calls());
        assertEquals("12", read(2));
    }

    @Test
    void turn_afterAnIncompleteMessage_looksAtAllBytesOfTheNext() {
        begin();
        arrive("(");
        arrive("45");
        assertEquals(".(45.", calls());
    }

    @Test
    void resume_once_continuesUntilTheNextPause() {
        sink.taking = message -> false;
        begin();
        arrive("123");
        host.loop.onLoop(feed::resume);
        assertEquals("1.2.", calls());
        feed.end(new IOException("a reply"));
        assertEquals("", calls());
    }

    @Test
    void stop_whilePaused_neverEnds() {
        sink.taking = message -> false;
        begin();
        arrive("12");
        feed.stop();
        feed.end(new IOException("a reply"));
        feed.resume();
        assertEquals("1.", calls());
    }

    @Test
    void stop_whileTheFeedStartsAgain_freesThePlace() {
        sink.taking = message -> false;
        begin();
        arrive("12");
        sink.duringReady = feed::stop;
        host.loop.onLoop(feed::resume);
        assertEquals("1.", calls());
        assertEquals("2", read(1));
    }

    @Test
    void stop_withinAMessage_leavesTheNextMessages() {
        sink.taking = message -> {
            feed.stop();
            return true;
        };
        begin();
        arrive("123");
        assertEquals("1.", calls());
        assertEquals("23", read(2));
    }

    @Test
    void stop_whileWaiting_freesThePlace() {
        begin();
        feed.stop();
        arrive("12");
        assertEquals("12", read(2));
        assertEquals("", calls());
    }

    @Test
    void stop_whilePaused_neverContinues() {
        sink.taking = message -> false;
        begin();
        arrive("12");
        feed.stop();
        host.loop.onLoop(feed::resume);
        assertEquals("1.", calls());
        assertEquals("2", read(1));
    }

    @Test
    void turn_manyMessages_yieldsToTheLoop() {
        begin();
        arrive("1".repeat(100));
        assertEquals("1".repeat(64) + ".", calls());
        assertEquals(1, host.loop.waiting());
        host.loop.runAll();
        assertEquals("1".repeat(36) + ".", calls());
    }

    @Test
    void end_afterMessages_isTold() {
        begin();
        host.transport.arrive("12").end().readable();
        host.loop.runAll();
        assertEquals("12..end", calls());
        assertNull(sink.failure);
    }

    @Test
    void end_withinMessage_isIncomplete() {
        begin();
        host.transport.arrive("1(").end().readable();
        assertEquals("1..end", calls());
        assertTrue(sink.failure instanceof IncompleteReadException, sink.failure.toString());
        assertTrue(sink.failure.getMessage().startsWith("test from"), sink.failure.getMessage());
    }

    @Test
    void decoder_throws_endsAfterTheMessagesBefore() {
        sink.atEnd = () -> assertEquals("!3", read(2));
        begin();
        arrive("12!3");
        assertEquals("12.end", calls());
        assertEquals("not a digit", sink.failure.getMessage());
    }

    @Test
    void message_throws_endsAndFreesThePlace() {
        sink.thrown = new Throwable("thrown");
        sink.atEnd = () -> assertEquals("2", read(1));
        begin();
        arrive("12");
        assertEquals("1.end", calls());
        assertSame(sink.thrown, sink.failure);
    }

    @Test
    void end_byAnotherWhileWaiting_isToldWithFreePlace() {
        IOException cause = new IOException("a reply");
        begin();
        arrive("1(");
        sink.atEnd = () -> assertEquals("(", read(1));
        feed.end(cause);
        assertEquals("1.end", calls());
        assertSame(cause, sink.failure);
    }

    @Test
    void end_byAnotherWhilePaused_isToldAfterThePause() {
        sink.taking = message -> false;
        begin();
        arrive("12");
        feed.end(new IOException("a reply"));
        assertEquals("1.", calls());
        feed.resume();
        assertEquals("end", calls());
        assertEquals("2", read(1));
    }

    @Test
    void end_withinAMessage_isToldAfterTheTurn() {
        IOException cause = new IOException("a reply");
        sink.taking = message -> {
            feed.end(cause);
            return true;
        };
        begin();
        arrive("12");
        assertEquals("1.end", calls());
        assertSame(cause, sink.failure);
        assertEquals("2", read(1));
    }

    @Test
    void close_withinAMessage_isToldAfterTheTurn() {
        sink.taking = message -> {
            host.connection.close();
            assertFalse(sink.calls.contains("end"));
            return true;
        };
        begin();
        arrive("12");
        assertEquals("1.end", calls());
        assertTrue(sink.failure instanceof AsynchronousCloseException, sink.failure.toString());
    }

    @Test
    void close_whilePausing_isToldAfterThePause() {
        sink.taking = message -> {
            host.connection.close();
            return false;
        };
        begin();
        arrive("12");
        assertEquals("1.", calls());
        host.loop.onLoop(feed::resume);
        assertEquals("end", calls());
    }

    @Test
    void read_begunByAMessage_getsThePlace() {
        List<Read<String>> reads = new ArrayList<>();
        sink.taking = message -> {
            reads.add(host.reads().start(new TextRead(host.reads(), 2)));
            return false;
        };
        begin();
        arrive("1234");
        assertEquals("23", reads.get(0).join());
        assertEquals("1.", calls());
        sink.taking = message -> true;
        host.loop.onLoop(feed::resume);
        assertEquals("4.", calls());
    }

    @Test
    void read_leftPendingByAMessage_endsTheFeed() {
        sink.taking = message -> {
            host.reads().start(new TextRead(host.reads(), 5));
            return true;
        };
        begin();
        arrive("12");
        host.loop.runAll();
        assertEquals("1.end", calls());
        assertTrue(sink.failure instanceof ReadPendingException, sink.failure.toString());
    }

    @Test
    void reserve_withinAMessage_tellsTheUnreadBytes() {
        List<Exception> refused = new ArrayList<>();
        sink.taking = message -> {
            if (message.equals("1")) {
                refused.add(host.reads().reserve("upgrade"));
            }
            return true;
        };
        begin();
        arrive("123");
        host.loop.runAll();
        assertTrue(refused.get(0).getMessage().contains("2 bytes"), refused.toString());
        assertEquals("1.23.", calls());
    }

    @Test
    void reserve_withinTheLastMessage_givesThePlaceUp() {
        sink.taking = message -> {
            assertNull(host.reads().reserve("upgrade"));
            assertTrue(host.reads().state().isBusy());
            return true;
        };
        begin();
        arrive("1");
        assertFalse(host.reads().state().isBusy());
        assertEquals(0, host.reads().state().buffered());
        host.loop.runAll();
        assertEquals("1.end", calls());
    }

    @Test
    void read_whileTheFeedWaits_isRefused() {
        begin();
        Read<String> read = host.reads().start(new TextRead(host.reads(), 1));
        assertTrue(read.isCompletedExceptionally());
    }

    @Test
    void isReady_false_leavesTheBytesUntilResume() {
        sink.ready = false;
        begin();
        arrive("12");
        assertEquals("", calls().replace(".", ""));
        sink.ready = true;
        host.loop.onLoop(feed::resume);
        assertEquals("12.", calls());
    }

    @Test
    void failure_afterMessages_isToldBehindThem() {
        begin();
        host.transport.arrive("12").fail(new IOException("reset")).readable();
        host.loop.runAll();
        assertEquals("12", calls().replace(".", "").replace("end", ""));
        assertTrue(sink.failure.getMessage().contains("reset"), sink.failure.getMessage());
    }

    @Test
    void message_withExecutor_isPassedByTheExecutor() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        host = ScriptedHost.make(Duration.ZERO, Duration.ZERO, Duration.ZERO, 1 << 20, tasks::add);
        feed = feed();
        begin();
        arrive("12");
        assertEquals("", calls());
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
            host.loop.runAll();
        }
        assertEquals("1.2.", calls());
        arrive("3");
        feed.stop();
        tasks.remove().run();
        assertEquals("3.", calls());
    }

    @Test
    void read_begunAndCancelledByAMessage_leavesNoMessageBehind() {
        sink.taking = message -> {
            host.reads().start(new TextRead(host.reads(), 5)).cancel(false);
            return true;
        };
        begin();
        arrive("123");
        host.loop.runAll();
        assertEquals("1.2.3.", calls());
        assertNull(sink.failure);
    }

    @Test
    void end_whileTheFeedStartsAgain_isToldWithFreePlace() {
        IOException cause = new IOException("a reply");
        sink.taking = message -> false;
        begin();
        arrive("1");
        calls();
        sink.duringReady = () -> feed.end(cause);
        host.loop.onLoop(feed::resume);
        assertEquals("end", calls());
        assertSame(cause, sink.failure);
        arrive("2");
        assertEquals("2", read(1));
    }

    @Test
    void end_atTheBeginOfATurn_isTheLastCall() {
        IOException cause = new IOException("a reply");
        begin();
        host.transport.arrive("12");
        host.transport.duringRead = () -> host.loop.duringInLoop = () -> host.loop.duringInLoop = () -> feed.end(cause);
        host.transport.readable();
        assertEquals("end", calls());
        assertSame(cause, sink.failure);
        assertEquals("12", read(2));
    }

    @Test
    void decoder_changesTheOrder_nextMessageIsBigEndian() {
        List<ByteOrder> orders = new ArrayList<>();
        feed = new MessageFeed<>(
                host.reads(),
                (in, seen) -> {
                    orders.add(in.order());
                    return String.valueOf(
                            (char) in.order(ByteOrder.LITTLE_ENDIAN).get());
                },
                16,
                "test",
                sink);
        begin();
        arrive("12");
        assertEquals("12.", calls());
        assertEquals(List.of(ByteOrder.BIG_ENDIAN, ByteOrder.BIG_ENDIAN), orders);
    }

    @Test
    void end_withExecutorBeforeATakenMessage_passesNoMessage() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        host = ScriptedHost.make(Duration.ZERO, Duration.ZERO, Duration.ZERO, 1 << 20, tasks::add);
        feed = feed();
        begin();
        arrive("12");
        feed.end(new IOException("a reply"));
        assertEquals("", calls());
        tasks.remove().run();
        assertEquals("end", calls());
    }
}

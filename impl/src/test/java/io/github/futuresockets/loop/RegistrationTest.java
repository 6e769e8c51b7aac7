package io.github.futuresockets.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.support.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests the requests and notifications of a registration, with a real selector and a real socket. A test runs as a task
 * of the loop, and polls by itself.
 */
class RegistrationTest {
    private static final int READ = SelectionKey.OP_READ;
    private static final int WRITE = SelectionKey.OP_WRITE;

    private LoopChannelGroup group;
    private SelectorLoop loop;
    private SocketChannel channel;
    private SocketChannel peer;
    private Owner owner;

    /** Counts the notifications, and runs what a test gives within a notification. */
    private final class Owner implements Registration.Owner {
        final Registration registration;
        final List<String> told = new ArrayList<>();
        final CompletableFuture<Void> writable = new CompletableFuture<>();
        Runnable within = () -> {};

        Owner() throws IOException {
            registration = new Registration(loop, channel, this);
        }

        @Override
        public Registration registration() {
            return registration;
        }

        @Override
        public void readable() {
            told.add("readable");
            within.run();
        }

        @Override
        public void writable() {
            told.add("writable");
            writable.complete(null);
            within.run();
        }

        @Override
        public void inputUnclaimed() {
            told.add("unclaimed");
        }

        @Override
        public void close() {}
    }

    private interface Body {
        void run() throws Exception;
    }

    @BeforeEach
    void open() throws Exception {
        group = new LoopChannelProvider().openEventLoops(1, Thread::new);
        loop = group.next();
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            peer = SocketChannel.open(listener.getLocalAddress());
            channel = listener.accept();
        }
        owner = group.open(Owner::new);
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        channel.close();
        group.shutdown();
        // A release has counted the channel down. Otherwise the test counts the channel down, so that the group ends.
        group.closed();
    }

    /** Runs the body on the thread of the loop. */
    private void onLoop(Body body) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                body.run();
                done.complete(null);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        Await.value(done);
    }

    /** Polls and notifies, as a turn of the loop does. Returns the number of ready registrations. */
    private int poll() throws IOException {
        Found found = new Found();
        int count = loop.poller().selector().selectNow(found);
        for (Registration each = found.next(); each != null; each = found.next()) {
            each.ready();
        }
        return count;
    }

    /** Lets a byte arrive and waits until the kernel reports the byte. */
    private void arrive() throws IOException {
        peer.write(ByteBuffer.wrap(new byte[1]));
        key().interestOps(READ);
        while (loop.poller().selector().select(key -> {}) == 0) {
            Thread.onSpinWait();
        }
        key().interestOps(0);
    }

    private SelectionKey key() {
        return channel.keyFor(loop.poller().selector());
    }

    private void want(int direction, int operation) {
        owner.registration.want(direction, operation);
    }

    @Test
    void want_inputIsThere_notifiesOnceAndStaysArmed() {
        onLoop(() -> {
            arrive();
            want(Registration.IN, READ);
            assertEquals(List.of(), owner.told);
            poll();
            assertEquals(List.of("readable"), owner.told);
            assertEquals(READ, key().interestOps(), "the next request needs no change of the key");
        });
    }

    @Test
    void want_twice_notifiesOnce() {
        onLoop(() -> {
            arrive();
            want(Registration.IN, READ);
            want(Registration.IN, READ);
            poll();
            poll();
            assertEquals(List.of("readable", "unclaimed"), owner.told);
        });
    }

    @Test
    void want_withinNotification_isAnsweredByTheNextPoll() {
        onLoop(() -> {
            arrive();
            owner.within = () -> want(Registration.IN, READ);
            want(Registration.IN, READ);
            poll();
            poll();
            assertEquals(List.of("readable", "readable"), owner.told);
        });
    }

    @Test
    void ready_inputWithoutRequest_disarmsTheKey() {
        onLoop(() -> {
            arrive();
            want(Registration.IN, READ);
            poll();
            poll();
            assertEquals(List.of("readable", "unclaimed"), owner.told);
            assertEquals(0, key().interestOps());
            assertEquals(0, poll(), "a key without a request does not make the loop spin");
        });
    }

    @Test
    void want_afterDisarm_reportsTheEarlierInput() {
        onLoop(() -> {
            arrive();
            want(Registration.IN, READ);
            poll();
            poll();
            owner.told.clear();
            want(Registration.IN, READ);
            assertEquals(READ, key().interestOps());
            poll();
            assertEquals(List.of("readable"), owner.told);
        });
    }

    @Test
    void want_output_notifiesOnceAndDisarmsTheKey() {
        onLoop(() -> {
            want(Registration.OUT, WRITE);
            assertEquals(WRITE, key().interestOps());
            poll();
            assertEquals(List.of("writable"), owner.told);
            assertEquals(0, key().interestOps());
            assertEquals(0, poll());
        });
    }

    @Test
    void want_outputWithinNotification_armsAgain() {
        onLoop(() -> {
            owner.within = () -> {
                owner.within = () -> {};
                want(Registration.OUT, WRITE);
            };
            want(Registration.OUT, WRITE);
            poll();
            assertEquals(WRITE, key().interestOps());
            poll();
            assertEquals(List.of("writable", "writable"), owner.told);
        });
    }

    @Test
    void want_bothDirections_areIndependent() {
        onLoop(() -> {
            want(Registration.IN, READ);
            want(Registration.OUT, WRITE);
            assertEquals(READ | WRITE, key().interestOps());
            poll();
            assertEquals(List.of("writable"), owner.told);
            assertEquals(READ, key().interestOps(), "the request for input is untouched");
        });
    }

    @Test
    void ready_bothDirections_notifiesBothOnce() {
        onLoop(() -> {
            arrive();
            want(Registration.IN, READ);
            want(Registration.OUT, WRITE);
            poll();
            assertEquals(List.of("writable", "readable"), owner.told);
        });
    }

    @Test
    void want_onOtherThread_isNotifiedOnTheLoop() {
        boolean[] onLoop = new boolean[1];
        owner.within = () -> onLoop[0] = loop.inLoop();
        want(Registration.OUT, WRITE);
        Await.value(owner.writable);
        onLoop(() -> assertTrue(onLoop[0]));
    }

    @Test
    void want_onOtherThreadAfterNotification_isNotLost() {
        for (int i = 0; i < 1_000; i++) {
            CompletableFuture<Void> told = new CompletableFuture<>();
            owner.within = () -> told.complete(null);
            want(Registration.OUT, WRITE);
            Await.value(told);
        }
    }

    @Test
    void want_afterClose_isIgnored() {
        onLoop(() -> {
            owner.registration.release(() -> {});
            want(Registration.IN, READ);
            want(Registration.OUT, WRITE);
            poll();
            assertEquals(List.of(), owner.told);
            assertFalse(owner.registration.found());
        });
    }

    @Test
    void release_onLoop_closesAfterTheNextPoll() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        boolean[] onLoop = new boolean[1];
        onLoop(() -> {
            owner.registration.release(() -> {
                onLoop[0] = loop.inLoop();
                closed.complete(null);
            });
            assertTrue(channel.isOpen());
            assertFalse(closed.isDone());
        });
        Await.value(closed);
        assertFalse(channel.isOpen());
        assertTrue(onLoop[0]);
    }

    @Test
    void release_onOtherThread_closesBeforeReturn() {
        boolean[] open = {true};
        owner.registration.release(() -> open[0] = channel.isOpen());
        assertFalse(open[0]);
    }

    @Test
    void releaseNow_onLoop_closesBeforeReturn() {
        onLoop(() -> {
            boolean[] open = {true};
            owner.registration.releaseNow(() -> open[0] = channel.isOpen());
            assertFalse(open[0]);
        });
    }
}

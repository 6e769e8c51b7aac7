package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

/** Clause 8: the order of writes, and concurrent operations. */
abstract class OrderContract extends ContractTest {

    @Test
    void clause08_writesLeaveFirstInFirstOut() {
        converseNarrowly();
        int count = 20_000;
        List<Integer> completed = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<byte[]> received = Background.call(peer::receiveAll);
        StringBuilder expected = new StringBuilder();
        CompletableFuture<Void> last = null;
        for (int i = 0; i < count; i++) {
            String text = i + ";";
            expected.append(text);
            int number = i;
            last = socket.write(text).thenRun(() -> completed.add(number));
        }
        Await.value(last);
        Await.value(socket.shutdownOutput());
        assertEquals(expected.toString(), ReadMode.string(ByteBuffer.wrap(Await.value(received))));
        Await.until("all are done", () -> completed.size() == count);
    }

    @Test
    void clause08_writesOfManyThreadsAreNeverInterleaved() throws Exception {
        converseNarrowly();
        int writers = 4;
        int each = 200;
        int size = 3_001;
        CompletableFuture<byte[]> received = Background.call(peer::receiveAll);
        CyclicBarrier together = new CyclicBarrier(writers);
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            int writer = w;
            done.add(Background.call(() -> {
                together.await();
                List<CompletableFuture<Void>> writes = new ArrayList<>();
                for (int i = 0; i < each; i++) {
                    byte[] bytes = new byte[size];
                    Arrays.fill(bytes, (byte) i);
                    bytes[0] = (byte) writer;
                    ByteBuffer head = ByteBuffer.wrap(bytes, 0, 1_000);
                    writes.add(
                            i % 2 == 0
                                    ? socket.write(bytes)
                                    : socket.write(head, ByteBuffer.wrap(bytes, 1_000, size - 1_000)));
                }
                writes.forEach(Await::value);
                return null;
            }));
        }
        done.forEach(Await::value);
        Await.value(socket.shutdownOutput());
        byte[] stream = Await.value(received);
        assertEquals(writers * each * size, stream.length);
        int[] next = new int[writers];
        for (int at = 0; at < stream.length; at += size) {
            int expected = next[stream[at]]++;
            for (int i = at + 1; i < at + size; i++) {
                assertEquals((byte) expected, stream[i], "interleaved at " + i);
            }
        }
    }

    @Test
    void clause08_oneReadManyWritesAndACloseAtOnce() throws Exception {
        open(builder -> builder);
        for (int round = 0; round < 30; round++) {
            connect(0);
            CompletableFuture<?> read = socket.readLine();
            CyclicBarrier together = new CyclicBarrier(4);
            List<CompletableFuture<CompletableFuture<?>>> acts = new ArrayList<>();
            for (int w = 0; w < 3; w++) {
                acts.add(Background.call(() -> {
                    together.await();
                    return socket.write("written\n");
                }));
            }
            together.await();
            socket.close();
            List<CompletableFuture<?>> writes = new ArrayList<>();
            acts.forEach(act -> writes.add(Await.value(act)));
            Await.failure(AsynchronousCloseException.class, read);
            long succeeded = writes.stream()
                    .map(write -> write.handle((done, failure) -> failure == null))
                    .filter(Await::value)
                    .count();
            String text = peer.textToEnd();
            assertEquals("written\n".repeat((int) succeeded), text, "what succeeded arrives, what failed does not");
            peer.end();
            Await.value(socket.closed());
            peer.close();
        }
    }

    @Test
    void clause08_readsMayBeIssuedByAnyThread() {
        converse();
        peer.send("a\nb\nc\nd\n");
        StringBuilder got = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            got.append(Await.value(Background.call(() -> Await.value(socket.readLine()))));
        }
        assertEquals("abcd", got.toString());
        assertTrue(socket.isOpen());
    }
}

package io.github.futuresockets.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.github.futuresockets.impl.support.ArenaMemory;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;

/** Tests of reads and writes with buffers over memory segments. */
abstract class SegmentSpecification extends ProviderFixture {
    /** Asserts that an operation failed because its memory is closed. The JDK wraps the failure of a future. */
    static void assertReleased(Throwable failure) {
        Throwable bare = failure instanceof java.io.IOException ? failure.getCause() : failure;
        assertInstanceOf(IllegalStateException.class, bare);
    }

    @Test
    @EnabledForJreRange(minVersion = 22, disabledReason = "the JDK has no such memory")
    void reads_arenaClosedAlready_failAtOnce() throws Exception {
        AsynchronousSocketChannel channel = connect();
        ArenaMemory memory = ArenaMemory.shared();
        memory.close();
        Outcome<Integer> read = new Outcome<>();
        channel.read(memory.buffer(), null, read);
        assertReleased(read.failure());
        assertReleased(failureOf(channel.read(memory.buffer())));
        Outcome<Long> several = new Outcome<>();
        ByteBuffer[] buffers = {ByteBuffer.allocate(4), memory.buffer()};
        channel.read(buffers, 0, 2, 0, TimeUnit.SECONDS, null, several);
        assertReleased(several.failure());
        Outcome<Integer> next = new Outcome<>();
        channel.read(buffers[0], null, next);
        peer.write(bytes(1));
        assertEquals(1, next.value());
    }

    @Test
    @EnabledForJreRange(minVersion = 22, disabledReason = "the JDK has no such memory")
    void writes_arenaClosedAlready_failAtOnce() throws Exception {
        AsynchronousSocketChannel channel = connect();
        ArenaMemory memory = ArenaMemory.shared();
        memory.close();
        Outcome<Integer> write = new Outcome<>();
        channel.write(memory.buffer(), null, write);
        assertReleased(write.failure());
        assertReleased(failureOf(channel.write(memory.buffer())));
        Outcome<Integer> next = new Outcome<>();
        channel.write(bytes(1), null, next);
        assertEquals(1, next.value());
    }

    @Test
    @EnabledForJreRange(minVersion = 22, disabledReason = "the JDK has no such memory")
    void transfers_arenaShared_complete() throws Exception {
        AsynchronousSocketChannel channel = connect();
        ArenaMemory memory = ArenaMemory.shared();
        Future<Integer> read = channel.read(memory.buffer());
        peer.write(bytes(1, 2, 3));
        assertEquals(3, get(read));
        assertEquals(3, get(channel.write(memory.buffer().flip())));
        ByteBuffer echoed = ByteBuffer.allocate(8);
        while (echoed.position() < 3) {
            peer.read(echoed);
        }
        assertEquals(bytes(1, 2, 3), echoed.flip());
        memory.close();
    }
}

package io.github.futuresockets.impl.stress;

import io.github.futuresockets.AsyncReader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** Reads into a buffer of the caller. Each check covers the bytes before, within and after the permitted range. */
abstract class BufferReads extends ReadModel {
    private static final byte UNTOUCHED = 0x55;
    private static final int BEFORE = 3;
    private static final int BEHIND = 2;
    private static final Integer NUMBER = 1_000_000_007;

    private final byte[] memory;
    final ByteBuffer dst;

    private BufferReads(String name, int room, boolean direct) {
        super(name + "(" + room + " bytes)");
        memory = new byte[BEFORE + room + BEHIND];
        Arrays.fill(memory, UNTOUCHED);
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(memory.length).put(memory) : ByteBuffer.wrap(memory);
        dst = buffer.position(BEFORE).limit(BEFORE + room);
    }

    /** Returns a {@code read} of the available bytes. */
    static ReadModel read(int room) {
        return read(room, false);
    }

    /** Returns a {@code read} into a direct buffer, large enough for a direct transfer from the kernel. */
    static ReadModel direct(int more) {
        return read((16 << 10) + more, true);
    }

    private static ReadModel read(int room, boolean direct) {
        return new Counting("read", 0, room, direct) {
            @Override
            CompletableFuture<?> issue(AsyncReader from) {
                return from.read(dst);
            }
        };
    }

    /** Returns a {@code readAtLeast} of {@code least} bytes. */
    static ReadModel atLeast(int least, int room) {
        return new Counting("readAtLeast " + least, least, room, false) {
            @Override
            CompletableFuture<?> issue(AsyncReader from) {
                return from.readAtLeast(dst, least);
            }
        };
    }

    /** Returns a {@code read} into three buffers, which divide the room. */
    static ReadModel scatter(int room) {
        return new Counting("read in three", 0, room, false) {
            private final ByteBuffer[] parts = {
                dst.slice(BEFORE, room / 3),
                dst.slice(BEFORE + room / 3, room / 3),
                dst.slice(BEFORE + room / 3 * 2, room - room / 3 * 2)
            };

            @Override
            CompletableFuture<?> issue(AsyncReader from) {
                return from.read(parts[0], parts[1], parts[2]);
            }

            @Override
            byte[] taken(int count) {
                int sum = 0;
                for (ByteBuffer each : parts) {
                    if (each.position() != Math.min(each.limit(), count - sum)) {
                        throw new AssertionError(this + ": a part is " + each + " after " + sum + " of " + count);
                    }
                    sum += each.position();
                }
                dst.position(BEFORE + sum);
                return super.taken(count);
            }
        };
    }

    /** A read that gives the number of bytes. With {@code least} 0 the read gives -1 at the end of the stream. */
    private abstract static class Counting extends BufferReads {
        private final int least;
        private final int room;

        Counting(String name, int least, int room, boolean direct) {
            super(name, room, direct);
            this.least = least;
            this.room = room;
        }

        @Override
        Expected expected(byte[] rest, boolean ended) {
            boolean enough = least == 0 ? rest.length > 0 || ended : rest.length >= least;
            return enough ? Expected.value(rest, rest.length) : Expected.notYet(rest, ended, least);
        }

        @Override
        int succeeded(Object result, byte[] rest, boolean ended) {
            int count = (Integer) result;
            if (count == -1 && least == 0 && ended && rest.length == 0) {
                checkUntouched();
                return 0;
            }
            if (count < Math.max(1, least) || count > Math.min(room, rest.length)) {
                throw new AssertionError(
                        this + " gave " + count + " with room for " + room + " and " + rest.length + " sent");
            }
            return expected(Arrays.copyOf(rest, count), ended).succeeded(taken(count));
        }

        @Override
        Object sentinel() {
            return NUMBER;
        }
    }

    /** Returns a {@code readFully} of {@code room} bytes. */
    static ReadModel fully(int room) {
        return new BufferReads("readFully", room, false) {
            @Override
            CompletableFuture<?> issue(AsyncReader from) {
                return from.readFully(dst);
            }

            @Override
            Expected expected(byte[] rest, boolean ended) {
                return rest.length < room
                        ? Expected.notYet(rest, ended, room)
                        : Expected.value(Arrays.copyOf(rest, room), room);
            }

            @Override
            Object content(Object result) {
                return taken(room);
            }

            @Override
            Object sentinel() {
                return null;
            }

            @Override
            boolean isSentinel(Object result) {
                return dst.position() == BEFORE;
            }
        };
    }

    /** Returns the {@code count} delivered bytes, and checks that the rest of the buffer is unchanged. */
    byte[] taken(int count) {
        checkEdges();
        if (dst.position() != BEFORE + count) {
            throw new AssertionError(
                    this + ": the position is " + dst + " after " + count + " bytes from " + BEFORE + " on");
        }
        for (int i = BEFORE + count; i < memory.length; i++) {
            if (memory[i] != UNTOUCHED) {
                throw new AssertionError(this + " touched its buffer behind the " + count + " bytes that it gave");
            }
        }
        return Arrays.copyOfRange(memory, BEFORE, BEFORE + count);
    }

    @Override
    final void checkUntouched() {
        checkEdges();
        taken(0);
    }

    private void checkEdges() {
        if (dst.isDirect()) {
            dst.duplicate().clear().get(memory);
        }
        if (dst.limit() != memory.length - BEHIND || memory[0] != UNTOUCHED || memory[BEFORE - 1] != UNTOUCHED) {
            throw new AssertionError(this + " touched its buffer outside position and limit: " + dst);
        }
    }
}

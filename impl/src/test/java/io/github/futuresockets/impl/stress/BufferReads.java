package io.github.futuresockets.impl.stress;

import io.github.futuresockets.AsyncReader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** The reads into a buffer of the caller's, which is checked in front of, in and behind what may be touched. */
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

    /** {@code read}: what is there. */
    static ReadModel read(int room) {
        return read(room, false);
    }

    /** The same into a buffer that is large enough for the kernel to fill it itself. */
    static ReadModel direct(int more) {
        return read((16 << 10) + more, true);
    }

    private static ReadModel read(int room, boolean direct) {
        return new BufferReads("read", room, direct) {
            @Override
            CompletableFuture<?> issue(AsyncReader from) {
                return from.read(dst);
            }

            @Override
            Expected expected(byte[] rest, boolean ended) {
                return rest.length > 0 || ended ? Expected.value(rest, rest.length) : Expected.notYet(rest, false, 0);
            }

            @Override
            int succeeded(Object result, byte[] rest, boolean ended) {
                int count = (Integer) result;
                if (count == -1 && ended && rest.length == 0) {
                    checkUntouched();
                    return 0;
                }
                if (count < 1 || count > Math.min(room, rest.length)) {
                    throw new AssertionError(
                            "read gave " + count + " with room for " + room + " and " + rest.length + " sent");
                }
                return expected(Arrays.copyOf(rest, count), ended).succeeded(taken(count));
            }

            @Override
            Object sentinel() {
                return NUMBER;
            }
        };
    }

    /** {@code readFully}: all of it. */
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

    /** What has come into the buffer, of which so much may have been used. */
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

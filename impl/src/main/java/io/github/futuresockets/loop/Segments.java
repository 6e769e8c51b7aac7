package io.github.futuresockets.loop;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Access checks for buffers over memory segments. Uses method handles, because the class is compiled for JDK 17. */
final class Segments {
    /** A method of a buffer and a thread. Returns true if the thread can access the buffer. Null before JDK 22. */
    private static final @Nullable MethodHandle ACCESSIBLE = accessible();

    /** A thread that owns no arena. Null before JDK 22. */
    private static final @Nullable Thread OTHER = ACCESSIBLE == null ? null : new Thread(() -> {});

    private Segments() {}

    private static @Nullable MethodHandle accessible() {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
            if (Runtime.version().feature() < 22) {
                return null;
            }
            MethodHandle of =
                    lookup.findStatic(segment, "ofBuffer", MethodType.methodType(segment, java.nio.Buffer.class));
            MethodHandle accessible =
                    lookup.findVirtual(segment, "isAccessibleBy", MethodType.methodType(boolean.class, Thread.class));
            return MethodHandles.filterArguments(accessible, 0, of)
                    .asType(MethodType.methodType(boolean.class, ByteBuffer.class, Thread.class));
        } catch (ReflectiveOperationException none) {
            return null;
        }
    }

    /** Returns true if only a single thread can access the buffer. */
    static boolean isConfined(ByteBuffer buffer) {
        if (ACCESSIBLE == null || !buffer.isDirect()) {
            return false;
        }
        try {
            return !(boolean) ACCESSIBLE.invokeExact(buffer, OTHER);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}

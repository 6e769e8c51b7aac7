package io.github.futuresockets.impl.support;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;

/** A buffer of 16 bytes over an arena of {@code java.lang.foreign}. Uses reflection, because JDK 17 has no arenas. */
public record ArenaMemory(Object arena, ByteBuffer buffer) {
    public static ArenaMemory shared() throws Exception {
        return of("ofShared");
    }

    public static ArenaMemory confined() throws Exception {
        return of("ofConfined");
    }

    private static ArenaMemory of(String kind) throws Exception {
        Class<?> type = Class.forName("java.lang.foreign.Arena");
        Object arena = type.getMethod(kind).invoke(null);
        Method allocate = type.getMethod("allocate", long.class, long.class);
        Object segment = allocate.invoke(arena, 16L, 1L);
        Object buffer = Class.forName("java.lang.foreign.MemorySegment")
                .getMethod("asByteBuffer")
                .invoke(segment);
        return new ArenaMemory(arena, (ByteBuffer) buffer);
    }

    public void close() throws Exception {
        Class.forName("java.lang.foreign.Arena").getMethod("close").invoke(arena);
    }
}

package io.github.futuresockets.impl.view;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Tests the reservations of {@link PendingIds}. */
class PendingIdsTest {
    private final PendingIds<String> ids = new PendingIds<>();
    private final Call<String> first = call("id");
    private final Call<String> second = call("id");

    private static Call<String> call(Object id) {
        return new Call<>(null, null, id, ByteBuffer.allocate(0));
    }

    @Test
    void reserve_equalId_returnsHolder() {
        assertNull(ids.reserve(first));
        assertSame(first, ids.reserve(call(new String("id"))));
        assertNull(ids.reserve(call("other")));
        assertThrows(NullPointerException.class, () -> ids.reserve(call(null)));
    }

    @Test
    void take_sentCall_freesId() {
        ids.reserve(first);
        first.sent = true;
        assertSame(first, ids.take(new String("id")));
        assertNull(ids.take("id"));
        assertNull(ids.reserve(second));
    }

    @Test
    void take_callNotYetSent_keepsId() {
        ids.reserve(first);
        assertNull(ids.take("id"));
        assertSame(first, ids.reserve(second));
    }

    @Test
    void take_unknownOrNullId_returnsNull() {
        ids.reserve(first);
        first.sent = true;
        assertNull(ids.take("other"));
        assertNull(ids.take(null));
        assertSame(first, ids.take("id"));
    }

    @Test
    void release_idOfAnotherCall_hasNoEffect() {
        ids.reserve(first);
        ids.release(second);
        assertSame(first, ids.reserve(second));
        ids.release(first);
        assertNull(ids.reserve(second));
    }
}

package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConnectionListTest {
    private final ConnectionList list = new ConnectionList();
    private final Connection first = ScriptedHost.make().connection;
    private final Connection second = ScriptedHost.make().connection;
    private final Connection third = ScriptedHost.make().connection;

    private void assertList(Connection... expected) {
        List<Connection> all = new ArrayList<>();
        list.forEach(all::add);
        assertEquals(List.of(expected), all);
        assertEquals(expected.length, list.size());
    }

    @Test
    void add_keepsTheOrder() {
        assertList();
        list.add(first);
        list.add(second);
        list.add(third);
        assertList(first, second, third);
    }

    @Test
    void add_twice_hasNoEffect() {
        list.add(first);
        list.add(second);
        list.add(first);
        assertList(first, second);
    }

    @Test
    void remove_firstMiddleAndLast_leavesTheOthers() {
        list.add(first);
        list.add(second);
        list.add(third);
        assertTrue(list.remove(second));
        assertList(first, third);
        assertTrue(list.remove(first));
        assertList(third);
        assertTrue(list.remove(third));
        assertList();
    }

    @Test
    void remove_absentConnection_hasNoEffect() {
        list.add(first);
        assertFalse(list.remove(second));
        assertTrue(list.remove(first));
        assertFalse(list.remove(first));
        assertList();
    }

    @Test
    void next_afterTheLast_throws() {
        list.add(first);
        Iterator<Connection> all = list.iterator();
        all.next();
        assertFalse(all.hasNext());
        assertThrows(NoSuchElementException.class, all::next);
    }

    @Test
    void changes_inRandomOrder_matchAnArrayList() {
        List<Connection> expected = new ArrayList<>();
        List<Connection> some = new ArrayList<>(List.of(first, second, third, ScriptedHost.make().connection));
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            Collections.shuffle(some, random);
            Connection each = some.get(0);
            if (expected.contains(each)) {
                assertTrue(list.remove(each));
                expected.remove(each);
            } else {
                list.add(each);
                expected.add(each);
            }
            assertList(expected.toArray(new Connection[0]));
        }
    }
}

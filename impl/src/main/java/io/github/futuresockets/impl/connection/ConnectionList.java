package io.github.futuresockets.impl.connection;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A doubly linked list of connections. The links are fields of the connections, because a node for each connection
 * takes more memory. A connection is in at most a single list.
 *
 * <p><b>Concurrency.</b> Not thread-safe. The owner of the list guards the list and the links of its connections.
 */
public final class ConnectionList implements Iterable<Connection> {
    /*
     * Invariant: the links form a circle of all connections of the list. A connection outside of the list has no links.
     */
    private @Nullable Connection first;
    private int size;

    /** Adds a connection. Has no effect if the connection is in the list. */
    public void add(Connection each) {
        if (each.after != null) {
            return;
        }
        Connection head = first == null ? each : first;
        first = head;
        Connection tail = head == each || head.before == null ? each : head.before;
        each.before = tail;
        each.after = head;
        tail.after = each;
        head.before = each;
        size++;
    }

    /** Removes a connection. Returns false if the connection is not in the list. */
    public boolean remove(Connection each) {
        Connection before = each.before;
        Connection after = each.after;
        if (before == null || after == null) {
            return false;
        }
        before.after = after;
        after.before = before;
        each.before = null;
        each.after = null;
        if (first == each) {
            first = after == each ? null : after;
        }
        size--;
        return true;
    }

    public int size() {
        return size;
    }

    /** Iterates over the connections in the order of the adds. The list does not change meanwhile. */
    @Override
    public Iterator<Connection> iterator() {
        return new Iterator<>() {
            private @Nullable Connection next = first;

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public Connection next() {
                Connection each = next;
                if (each == null) {
                    throw new NoSuchElementException();
                }
                next = each.after == first ? null : each.after;
                return each;
            }
        };
    }
}

package io.github.futuresockets.future;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The dependents of a pending future, as a collection for searches and removals. A future begins with a plain stack.
 * The crowd replaces the stack at the first search, or when the first dependent ends early.
 */
final class Crowd {
    /*
     * Guarded by this: all fields. The monitor is a leaf. The code under the monitor only reads fields of stages.
     *
     * Members. `members` has the dependents, oldest first. `dead` counts the reports of `died` since the last removal.
     * When `dead` reaches half of the size, all dead members are removed. Therefore each report costs the visit of two
     * members, and fewer dead members are kept than living members.
     *
     * Flags. `followed` is true after the first follower was added. `givenUp` is true from `giveUp` until the next
     * follower is added. A removal of members changes neither flag.
     *
     * Search. A search begins at `hint`, the last member that was found waiting. If this member still waits, the search
     * takes a single step. Otherwise the search goes on with the members after the hint. Therefore a member that waits
     * no more is passed once in a round, and not by each search. The hint has no influence on the set of members that a
     * search visits.
     *
     * Closed. A closed crowd has no members. `close` links them as a stack, and the stack belongs to the thread that
     * runs the dependents.
     */
    // guarded by this
    private Stage<?>[] members;
    private int size;
    private int dead;
    private int drops;
    private int hint;
    private boolean followed;
    private boolean givenUp;
    private boolean closed;

    /**
     * Copies a stack. Another thread may take the stack meanwhile. If none did, {@link #unlink} is called afterwards.
     */
    Crowd(Stage<?> top) {
        members = new Stage<?>[4];
        for (Stage<?> each = top; each != null; each = each.next) {
            append(each);
        }
        for (int low = 0, high = size - 1; low < high; low++, high--) {
            Stage<?> older = members[high];
            members[high] = members[low];
            members[low] = older;
        }
    }

    private void append(Stage<?> member) {
        if (size == members.length) {
            members = Arrays.copyOf(members, 2 * size);
        }
        members[size++] = member;
        followed |= member.follower() != null;
    }

    /**
     * Clears the links between the members, so that no member retains another in memory. Requires that the crowd has
     * replaced the stack.
     */
    synchronized void unlink() {
        for (int i = 0; i < size; i++) {
            members[i].next = null;
        }
    }

    /** Adds a member. Returns false if the crowd is closed. */
    synchronized boolean add(Stage<?> member) {
        if (closed) {
            return false;
        }
        append(member);
        givenUp &= member.follower() == null;
        return true;
    }

    /** Closes the crowd and returns the members as a stack, the newest on top. */
    synchronized @Nullable Stage<?> close() {
        Stage<?> top = null;
        for (int i = 0; i < size; i++) {
            members[i].next = top;
            top = members[i];
        }
        closed = true;
        size = 0;
        members = new Stage<?>[0];
        return top;
    }

    /** Notes that a member ended early, and removes the dead members if they are half of all. */
    synchronized void died() {
        if (!closed && 2 * ++dead >= size) {
            int kept = 0;
            for (int i = 0; i < size; i++) {
                if (!members[i].isOver()) {
                    members[kept++] = members[i];
                }
            }
            Arrays.fill(members, kept, size, null);
            if (members.length > Math.max(4, 2 * kept)) {
                members = Arrays.copyOf(members, Math.max(4, 2 * kept));
            }
            size = kept;
            dead = 0;
            hint = 0;
            drops++;
        }
    }

    /** Returns the number of members without the reported dead. */
    synchronized int living() {
        return Math.max(0, size - dead);
    }

    /** Returns true if the crowd has ever had a member with a follower. */
    synchronized boolean isFollowed() {
        return followed;
    }

    /** Notes that no follower waits any more. */
    synchronized void giveUp() {
        givenUp = true;
    }

    /** Returns true if {@link #giveUp} was called and no follower was added since. */
    synchronized boolean isGivenUp() {
        return givenUp;
    }

    /**
     * An iteration over all members, each once. For use by a single thread. After a removal of dead members, the
     * iteration starts anew.
     */
    final class Search {
        // guarded by Crowd.this
        private int number = -1;
        private int known;
        private int index;
        private int left;

        /** Returns the next member, or null if there are no more. */
        @Nullable Stage<?> next() {
            synchronized (Crowd.this) {
                if (number != drops) {
                    number = drops;
                    known = 0;
                    left = 0;
                    index = hint - 1;
                }
                left += size - known;
                known = size;
                if (closed || left == 0) {
                    return null;
                }
                left--;
                index = index + 1 < size ? index + 1 : 0;
                return members[index];
            }
        }

        /** Notes the last returned member as the hint, because a waiter was found there. */
        void found() {
            synchronized (Crowd.this) {
                if (number == drops) {
                    hint = index;
                }
            }
        }
    }
}

package io.github.futuresockets.spi;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The futures derived from one that outlives some of them, or of which somebody has to know who waits. A future starts with a
 * plain stack, and gets a crowd for it with the first question.
 */
final class Crowd {
    /*
     * Guarded by this object's monitor, a leaf: nothing but fields of stages is read under it. `members` are in the order in
     * which they came; `dead` of them, at most, are over before the future is. Once half of them are, all dead ones are
     * dropped: each death pays for the visit of two members, and those that are kept in vain are fewer than the living.
     *
     * `followed` says that somebody has waited for the future by way of another one, ever; `given up` that nobody has come
     * since its last follower was given up. Both outlive the followers that are dropped.
     *
     * A search begins at `hint`, the member that was found waiting last. While it waits each search takes one step; when it
     * is over, the search goes on behind it. So members that wait no more are passed once in a round, and not by each
     * search. Which members there are does not depend on the hint.
     *
     * Once closed a crowd has no members: these are linked as a stack, and belong to the thread that runs them.
     */
    private Derived<?>[] members;
    private int size;
    private int dead;
    private int drops;
    private int hint;
    private boolean followed;
    private boolean givenUp;
    private boolean closed;

    /** Of a stack that may be taken by others meanwhile; {@link #unlink} is called when it was not. */
    Crowd(Derived<?> top) {
        members = new Derived<?>[4];
        for (Derived<?> each = top; each != null; each = each.next) {
            append(each);
        }
        for (int low = 0, high = size - 1; low < high; low++, high--) {
            Derived<?> older = members[high];
            members[high] = members[low];
            members[low] = older;
        }
    }

    private void append(Derived<?> member) {
        if (size == members.length) {
            members = Arrays.copyOf(members, 2 * size);
        }
        members[size++] = member;
        followed |= member.follower() != null;
    }

    /** The stack is this crowd's alone: no member reaches another one, which it would keep in memory. */
    synchronized void unlink() {
        for (int i = 0; i < size; i++) {
            members[i].next = null;
        }
    }

    /** False if it is closed. */
    synchronized boolean add(Derived<?> member) {
        if (closed) {
            return false;
        }
        append(member);
        givenUp &= member.follower() == null;
        return true;
    }

    /** Gives its members as a stack, the last that came on top. */
    synchronized @Nullable Derived<?> close() {
        Derived<?> top = null;
        for (int i = 0; i < size; i++) {
            members[i].next = top;
            top = members[i];
        }
        closed = true;
        size = 0;
        members = new Derived<?>[0];
        return top;
    }

    /** A member is over. */
    synchronized void died() {
        if (!closed && 2 * ++dead >= size) {
            int kept = 0;
            for (int i = 0; i < size; i++) {
                if (!members[i].isOver()) {
                    members[kept++] = members[i];
                }
            }
            Arrays.fill(members, kept, size, null);
            members = Arrays.copyOf(members, Math.max(4, 2 * kept));
            size = kept;
            dead = 0;
            hint = 0;
            drops++;
        }
    }

    synchronized int living() {
        return Math.max(0, size - dead);
    }

    synchronized boolean isFollowed() {
        return followed;
    }

    synchronized void giveUp() {
        givenUp = true;
    }

    synchronized boolean isGivenUp() {
        return givenUp;
    }

    /** Goes over all members, once each; for one thread. It begins again when some are dropped meanwhile. */
    final class Search {
        private int number = -1;
        private int known;
        private int index;
        private int left;

        /** The next member; null: there are no more. */
        @Nullable Derived<?> next() {
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

        /** By way of the member that was given last somebody waits. */
        void found() {
            synchronized (Crowd.this) {
                if (number == drops) {
                    hint = index;
                }
            }
        }
    }
}

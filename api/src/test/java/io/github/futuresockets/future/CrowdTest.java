package io.github.futuresockets.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Tests the members of a crowd, the removal of dead members, searches, and the end. */
class CrowdTest {
    private final Operation<Object> source = new Operation<>();

    private Stage<?> follower() {
        return new Stages.Run().on(source, (Runnable) () -> {}, null);
    }

    private Stage<?> observer() {
        return new Stages.Aside().on(source, (Consumer<Throwable>) failure -> {}, null);
    }

    private static Stage<?> stack(Stage<?>... newestFirst) {
        for (int i = 0; i + 1 < newestFirst.length; i++) {
            newestFirst[i].next = newestFirst[i + 1];
        }
        return newestFirst[0];
    }

    private static List<Stage<?>> search(Crowd crowd) {
        return rest(crowd.new Search());
    }

    private static List<Stage<?>> rest(Crowd.Search search) {
        List<Stage<?>> visited = new ArrayList<>();
        for (Stage<?> each = search.next(); each != null; each = search.next()) {
            visited.add(each);
        }
        return visited;
    }

    private static Object[] array(Crowd crowd) throws ReflectiveOperationException {
        Field members = Crowd.class.getDeclaredField("members");
        members.setAccessible(true);
        return (Object[]) members.get(crowd);
    }

    @Test
    void newCrowd_ofStack_hasOldestFirst() {
        Stage<?> oldest = follower();
        Stage<?> observer = observer();
        Stage<?> newest = follower();
        Crowd crowd = new Crowd(stack(newest, observer, oldest));
        assertEquals(List.of(oldest, observer, newest), search(crowd));
        assertTrue(crowd.isFollowed());
        assertFalse(crowd.isGivenUp());
    }

    @Test
    void newCrowd_ofObservers_isNotFollowedUntilFollower() {
        Crowd crowd = new Crowd(observer());
        assertFalse(crowd.isFollowed());
        crowd.add(observer());
        assertFalse(crowd.isFollowed());
        crowd.add(follower());
        assertTrue(crowd.isFollowed());
    }

    @Test
    void unlink_newCrowd_cutsLinksOfStack() {
        Stage<?> newest = follower();
        Crowd crowd = new Crowd(stack(newest, follower()));
        crowd.unlink();
        assertNull(newest.next);
    }

    @Test
    void giveUp_newFollower_clearsMark() {
        Crowd crowd = new Crowd(follower());
        crowd.giveUp();
        assertTrue(crowd.isGivenUp());
        crowd.add(observer());
        assertTrue(crowd.isGivenUp(), "an observer is no waiter");
        crowd.add(follower());
        assertFalse(crowd.isGivenUp());
    }

    @Test
    void died_halfOfMembers_removesOnlyTheDone() {
        List<Stage<?>> members = new ArrayList<>();
        Crowd crowd = new Crowd(follower());
        crowd.died();
        for (int i = 0; i < 8; i++) {
            members.add(follower());
            crowd.add(members.get(i));
        }
        List<Stage<?>> all = search(crowd);
        for (int i = 0; i < 4; i++) {
            members.get(2 * i).set(null, null);
            assertEquals(all, search(crowd), "not yet half");
            crowd.died();
        }
        assertEquals(5, crowd.living());
        members.get(1).set(null, null);
        crowd.died();
        assertEquals(4, search(crowd).size());
        assertEquals(4, crowd.living());
        assertTrue(crowd.isFollowed());
    }

    @Test
    void died_mostOfMany_shrinksArray() throws ReflectiveOperationException {
        Crowd crowd = new Crowd(follower());
        List<Stage<?>> members = search(crowd);
        for (int i = 1; i < 10_000; i++) {
            members.add(follower());
            crowd.add(members.get(i));
        }
        Object[] array = array(crowd);
        int arrays = 1;
        for (int i = 0; i < 10_000; i++) {
            members.get(i).set(null, null);
            crowd.died();
            if (array(crowd) != array) {
                array = array(crowd);
                arrays++;
            }
        }
        assertTrue(arrays > 5 && arrays < 20, arrays + " arrays for 10,000 removals");
        assertEquals(4, array.length);
        assertEquals(List.of(), search(crowd));
        assertNull(array[0]);
    }

    @Test
    void search_foundMember_isFirstOfNextSearch() {
        Crowd crowd = new Crowd(follower());
        List<Stage<?>> members = search(crowd);
        for (int i = 1; i < 5; i++) {
            members.add(follower());
            crowd.add(members.get(i));
        }
        Crowd.Search search = crowd.new Search();
        search.next();
        search.next();
        assertSame(members.get(2), search.next());
        search.found();
        assertEquals(
                List.of(members.get(2), members.get(3), members.get(4), members.get(0), members.get(1)), search(crowd));
    }

    @Test
    void search_memberAddedMeanwhile_isVisitedOnce() {
        Crowd crowd = new Crowd(follower());
        Stage<?> oldest = search(crowd).get(0);
        Crowd.Search search = crowd.new Search();
        assertSame(oldest, search.next());
        Stage<?> late = follower();
        crowd.add(late);
        assertEquals(List.of(late), rest(search));
    }

    @Test
    void search_membersRemovedMeanwhile_startsAnew() {
        Stage<?> gone = follower();
        Stage<?> kept = follower();
        Crowd crowd = new Crowd(stack(kept, gone));
        Crowd.Search search = crowd.new Search();
        assertSame(gone, search.next());
        gone.set(null, null);
        crowd.died();
        search.found();
        assertEquals(List.of(kept), rest(search), "a lost hint does no harm");
        assertEquals(List.of(kept), search(crowd));
    }

    @Test
    void close_members_givesNewestFirstAndRefusesMore() {
        Stage<?> oldest = follower();
        Stage<?> middle = observer();
        Stage<?> newest = follower();
        Crowd crowd = new Crowd(stack(middle, oldest));
        crowd.unlink();
        crowd.add(newest);
        Crowd.Search search = crowd.new Search();
        search.next();
        List<Stage<?>> closed = new ArrayList<>();
        for (Stage<?> each = crowd.close(); each != null; each = each.next) {
            closed.add(each);
        }
        assertEquals(List.of(newest, middle, oldest), closed);
        assertNull(search.next());
        assertFalse(crowd.add(follower()));
        crowd.died();
        assertEquals(0, crowd.living());
        assertNull(crowd.close());
    }
}

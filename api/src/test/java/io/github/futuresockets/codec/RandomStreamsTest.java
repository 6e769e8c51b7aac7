package io.github.futuresockets.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests random messages of every kind. Decoding a stream with random cuts must return the encoded messages. */
class RandomStreamsTest {
    private static final int IN_ONE_STREAM = 100;

    @Test
    void decode_fiftyThousandRandomMessages_areUnchanged() {
        run("fiftyThousandMessages", 50_000);
    }

    @Test
    @Tag("stress")
    void decode_millionRandomMessages_areUnchanged() {
        run("aMillionMessages", 1_000_000 * Long.getLong("futuresockets.stress.scale", 1));
    }

    private static void run(String test, long count) {
        SplittableRandom random = Streams.random(test);
        List<Kind<?>> kinds = Kind.all();
        long done = 0;
        for (int i = 0; done < count; i++) {
            done += stream(random, kinds.get(i % kinds.size()));
        }
    }

    private static <T> int stream(SplittableRandom random, Kind<T> kind) {
        int limit = kind.smallest() + random.nextInt(random.nextInt(10) == 0 ? 1_000 : 50);
        Codec<T> codec = kind.codec().apply(limit);
        List<T> messages = Streams.messages(random, kind, limit, IN_ONE_STREAM);
        byte[] stream = Kind.encoded(codec, messages);
        assertEquals(
                messages,
                Feeding.cut(codec, stream, Streams.cuts(random, stream.length)).all(),
                () -> kind + " of at most " + limit + " bytes");
        return messages.size();
    }
}

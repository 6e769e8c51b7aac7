package io.github.futuresockets.bench.micro;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/** A counter of the heap bytes allocated by all threads of this JVM after a mark. For a single thread. */
public final class AllocatedBytes {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private Map<Long, Long> atMark = Map.of();

    /** Sets the mark. */
    public void mark() {
        atMark = soFar();
    }

    /**
     * Returns the bytes allocated since the last {@link #mark}. Threads started after the mark count too, but only
     * while they live.
     *
     * @return the number of bytes
     * @throws IllegalStateException if a thread of the time of the mark has ended, because the thread's count is lost
     */
    public long sinceMark() {
        Map<Long, Long> now = soFar();
        long sum = 0;
        for (long each : now.values()) {
            sum += each;
        }
        for (Map.Entry<Long, Long> then : atMark.entrySet()) {
            if (!now.containsKey(then.getKey())) {
                throw new IllegalStateException("thread " + then.getKey() + " has ended");
            }
            sum -= then.getValue();
        }
        return sum;
    }

    /** Returns the bytes allocated by each live thread since its start, by the id of the thread. */
    private Map<Long, Long> soFar() {
        long[] ids = threads.getAllThreadIds();
        long[] bytes = threads.getThreadAllocatedBytes(ids);
        Map<Long, Long> soFar = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            if (bytes[i] >= 0) {
                soFar.put(ids[i], bytes[i]);
            }
        }
        return soFar;
    }
}

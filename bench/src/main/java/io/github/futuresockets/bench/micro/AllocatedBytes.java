package io.github.futuresockets.bench.micro;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/** The bytes of heap that all threads of this JVM have allocated since a moment. */
public final class AllocatedBytes {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private Map<Long, Long> atMark = Map.of();

    public void mark() {
        atMark = soFar();
    }

    /**
     * What has been allocated since then, by threads that have begun since then too.
     *
     * @throws IllegalStateException if a thread has ended since: nobody knows what that has allocated
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

package io.github.futuresockets.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** The bytes of heap that all threads of this JVM have allocated since a moment. */
final class AllocatedBytes {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long[] ids = new long[0];
    private long[] atMark = new long[0];

    void mark() {
        ids = threads.getAllThreadIds();
        atMark = threads.getThreadAllocatedBytes(ids);
    }

    /**
     * What has been allocated since then, by threads that lived then.
     *
     * @throws IllegalStateException if threads have begun or ended since: nobody knows what those took
     */
    long sinceMark() {
        long[] idsNow = threads.getAllThreadIds();
        long[] now = threads.getThreadAllocatedBytes(ids);
        Arrays.sort(idsNow);
        long[] idsThen = ids.clone();
        Arrays.sort(idsThen);
        if (!Arrays.equals(idsNow, idsThen)) {
            throw new IllegalStateException("threads have begun or ended: then " + Arrays.toString(idsThen) + ", now "
                    + Arrays.toString(idsNow));
        }
        long sum = 0;
        for (int i = 0; i < now.length; i++) {
            sum += now[i] - atMark[i];
        }
        return sum;
    }
}

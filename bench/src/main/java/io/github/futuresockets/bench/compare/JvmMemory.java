package io.github.futuresockets.bench.compare;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.function.LongSupplier;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What another JVM of this machine holds, asked of its management beans. */
final class JvmMemory implements AutoCloseable {
    private final JMXConnector connector;
    private final MBeanServerConnection beans;

    JvmMemory(long pid) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                connector = JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new IOException("process " + pid + " cannot be asked", e);
        }
        beans = connector.getMBeanServerConnection();
    }

    /** Bytes of live objects: what is used behind a collection. */
    long liveHeap() throws IOException {
        MemoryMXBean memory = ManagementFactory.getPlatformMXBean(beans, MemoryMXBean.class);
        return ask(() -> {
            long used = Long.MAX_VALUE;
            for (int i = 0; i < 3; i++) {
                memory.gc();
                used = Math.min(used, memory.getHeapMemoryUsage().getUsed());
            }
            return used;
        });
    }

    /** The beans have no exception for a JVM that is gone. */
    private static long ask(LongSupplier question) throws IOException {
        try {
            return question.getAsLong();
        } catch (UndeclaredThrowableException e) {
            throw new IOException("a JVM does not tell what it holds", e.getCause());
        }
    }

    /** Bytes of direct buffers. */
    long direct() throws IOException {
        List<BufferPoolMXBean> pools = ManagementFactory.getPlatformMXBeans(beans, BufferPoolMXBean.class);
        return ask(() -> pools.stream()
                .filter(each -> each.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum());
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}

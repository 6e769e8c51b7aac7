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

/** The memory use of another JVM on the same machine, read from its management beans. */
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

    /** Returns the bytes of live objects, as the least heap use after three garbage collections. */
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

    /** Reads a bean. Converts the undeclared exception of a bean without a running JVM to an IOException. */
    private static long ask(LongSupplier question) throws IOException {
        try {
            return question.getAsLong();
        } catch (UndeclaredThrowableException e) {
            throw new IOException("a JVM does not tell what it holds", e.getCause());
        }
    }

    /** Returns the bytes of all direct buffers. */
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

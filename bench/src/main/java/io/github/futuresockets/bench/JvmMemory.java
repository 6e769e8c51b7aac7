package io.github.futuresockets.bench;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
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
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            memory.gc();
            used = Math.min(used, memory.getHeapMemoryUsage().getUsed());
        }
        return used;
    }

    /** Bytes of direct buffers. */
    long direct() throws IOException {
        for (BufferPoolMXBean each : ManagementFactory.getPlatformMXBeans(beans, BufferPoolMXBean.class)) {
            if (each.getName().equals("direct")) {
                return each.getMemoryUsed();
            }
        }
        throw new IOException("no buffer pool has the name direct");
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}

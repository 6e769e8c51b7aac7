package io.github.futuresockets;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Tests the I/O context of library sockets, of delegating sockets and of other objects. */
class SocketContextTest {
    private static final IoContext CONTEXT = new IoContext() {
        @Override
        public boolean onIoThread() {
            return false;
        }

        @Override
        public Executor defaultExecutor() {
            return Runnable::run;
        }

        @Override
        public Future<?> schedule(Runnable task, long nanos) {
            throw new UnsupportedOperationException();
        }
    };

    private static final class Watch extends OperationFuture<CloseReason> {
        Watch(IoContext context) {
            super(context);
        }
    }

    private static AsyncSocket whoseClosed(CompletableFuture<CloseReason> closed) {
        return (AsyncSocket) Proxy.newProxyInstance(
                AsyncSocket.class.getClassLoader(), new Class<?>[] {AsyncSocket.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("closed")) {
                        return closed;
                    }
                    throw new UnsupportedOperationException(method.toString());
                });
    }

    @Test
    void context_ofAnOwner_isItsContext() {
        assertSame(CONTEXT, SocketContext.of((IoContext.Owner) () -> CONTEXT));
    }

    @Test
    void context_ofADelegatingSocket_isThatOfItsFuturesAndLeavesNoWaiter() {
        Watch closed = new Watch(CONTEXT);
        assertSame(CONTEXT, SocketContext.of(whoseClosed(closed)));
        assertTrue(closed.isCancelled());
    }

    @Test
    void context_ofForeignObjects_isAbsentAndTheirFuturesStayPending() {
        CompletableFuture<CloseReason> shared = new CompletableFuture<>();
        assertNull(SocketContext.of(whoseClosed(shared)));
        assertFalse(shared.isDone());
        assertNull(SocketContext.of(whoseClosed(null)));
        assertNull(SocketContext.of("no socket"));
    }
}

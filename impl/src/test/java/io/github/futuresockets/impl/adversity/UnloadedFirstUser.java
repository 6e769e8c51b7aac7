package io.github.futuresockets.impl.adversity;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program in a JVM of its own. An application is the first user of the shared sockets and is then unloaded. */
public final class UnloadedFirstUser {
    private UnloadedFirstUser() {}

    /** The user of the shared sockets. */
    public static final class Application implements Runnable {
        /** Creates the application, by reflection. */
        public Application() {}

        @Override
        public void run() {
            try (AsyncServerSocket server = AsyncSockets.shared().listen("localhost", 0)) {
                CompletableFuture<AsyncSocket> accepted = server.accept();
                AsyncSocket near = Await.value(AsyncSockets.shared().connect("localhost", server.port()));
                AsyncSocket far = Await.value(accepted);
                Await.failure(near.readLine().orTimeout(1, TimeUnit.MILLISECONDS));
                Await.failure(server.stopping().orTimeout(1, TimeUnit.MILLISECONDS));
                near.abort();
                far.abort();
                Await.value(near.closed());
                Await.value(far.closed());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** A class loader that defines the application anew and delegates all other classes to its parent. */
    private static final class Loader extends ClassLoader {
        Loader() {
            super(UnloadedFirstUser.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Application.class.getName())) {
                return super.loadClass(name, resolve);
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] code = in.readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    /** A thread group of the application. The group keeps the class loader reachable. */
    private static final class Group extends ThreadGroup {
        private final Object owner;

        /** Creates a daemon group, which is destroyed with its last thread. */
        @SuppressWarnings({"deprecation", "removal"})
        Group(Object owner) {
            super("application");
            this.owner = owner;
            setDaemon(true);
        }

        @Override
        public String toString() {
            return "of " + owner;
        }
    }

    /** Runs the program. */
    public static void main(String[] arguments) throws Exception {
        WeakReference<Object> loader = use();
        Await.until("the application is unloaded", () -> {
            System.gc();
            return loader.get() == null;
        });
        System.out.println("unloaded");
    }

    private static WeakReference<Object> use() throws Exception {
        Loader loader = new Loader();
        Runnable application = (Runnable)
                loader.loadClass(Application.class.getName()).getConstructor().newInstance();
        InheritableThreadLocal<Object> inherited = new InheritableThreadLocal<>();
        Thread user = new Thread(new Group(loader), () -> {
            inherited.set(loader);
            application.run();
        });
        user.setContextClassLoader(loader);
        user.start();
        user.join();
        return new WeakReference<>(loader);
    }
}

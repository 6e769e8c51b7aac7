package io.github.futuresockets;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.spi.Settings;
import io.github.futuresockets.spi.SocketProvider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the start of {@code AsyncSockets.shared()}. */
class SharedSocketsTest {
    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @TempDir
    private Path directory;

    /** A provider of sockets without function. */
    public static final class Stub implements SocketProvider {
        @Override
        public String name() {
            return "stub";
        }

        @Override
        public int rank() {
            return 1;
        }

        @Override
        public AsyncSockets open(Settings settings) {
            return (AsyncSockets) Proxy.newProxyInstance(
                    Stub.class.getClassLoader(),
                    new Class<?>[] {AsyncSockets.class},
                    (proxy, method, arguments) -> null);
        }
    }

    /** A class loader with the provider in an unnamed module, as on a class path. */
    private static final class StubLoader extends ClassLoader {
        private final Path services;

        StubLoader(ClassLoader parent, Path services) {
            super(parent);
            this.services = services;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Stub.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream code = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = Objects.requireNonNull(code, name).readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        @Override
        protected Enumeration<URL> findResources(String name) throws IOException {
            return name.equals("META-INF/services/" + SocketProvider.class.getName())
                    ? Collections.enumeration(List.of(services.toUri().toURL()))
                    : super.findResources(name);
        }
    }

    @AfterEach
    void forget() throws ReflectiveOperationException {
        Thread.currentThread().setContextClassLoader(before);
        Field instance = SharedSockets.class.getDeclaredField("instance");
        instance.setAccessible(true);
        instance.set(null, null);
    }

    @Test
    void shared_afterFailedStart_startsAgain() throws Exception {
        for (int i = 0; i < 2; i++) {
            String message = assertThrows(IllegalStateException.class, AsyncSockets::shared)
                    .getMessage();
            assertTrue(message.contains("futuresockets-impl"), message);
            assertTrue(message.contains("--add-modules io.github.futuresockets.impl"), message);
        }
        Path services = Files.writeString(directory.resolve("services"), Stub.class.getName());
        Thread.currentThread().setContextClassLoader(new StubLoader(getClass().getClassLoader(), services));
        AsyncSockets shared = AsyncSockets.shared();
        assertSame(shared, AsyncSockets.shared());
    }
}

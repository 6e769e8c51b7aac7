package io.github.futuresockets.impl.support;

import static net.bytebuddy.matcher.ElementMatchers.named;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;

/**
 * A copy of all classes of the library and of its tests, in which methods are changed by an {@link Advice}. A test thus
 * intervenes at a point of the library that has no seam, or shows that a mutant of the library fails a test.
 *
 * <p>The copy has its own static fields. Only types of the JDK and of other libraries are common to the original and to
 * the copy, and can be arguments.
 */
public final class ChangedClasses extends ClassLoader {
    private static final String COPIED = "io.github.futuresockets.";

    private final ClassLoader original = ChangedClasses.class.getClassLoader();

    // written before the first class is loaded
    private final Map<String, byte[]> changed = new HashMap<>();

    /** Makes an unchanged copy. The platform loader as parent hides the providers of the original. */
    public ChangedClasses() {
        super(getPlatformClassLoader());
    }

    /**
     * Changes the only method of the given name.
     *
     * @param advice a class with methods for the begin or the end of the method
     * @return this copy
     */
    public ChangedClasses with(Class<?> type, String method, Class<?> advice) {
        if (Stream.of(type.getDeclaredMethods())
                        .filter(each -> each.getName().equals(method))
                        .count()
                != 1) {
            throw new IllegalArgumentException("no method, or several, named " + method + " in " + type);
        }
        byte[] bytes = new ByteBuddy()
                .redefine(type)
                .visit(Advice.to(advice).on(named(method)))
                .make()
                .getBytes();
        if (changed.put(type.getName(), bytes) != null) {
            throw new IllegalArgumentException(type + " is changed already");
        }
        return this;
    }

    /** Calls a static method of the copy of {@code test}, and throws the exception of the method. */
    public void run(Class<?> test, String method, Object... arguments) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(this);
        try {
            entry(loadClass(test.getName()), method).invoke(null, arguments);
        } catch (InvocationTargetException e) {
            ChangedClasses.<RuntimeException>rethrow(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("no call of " + method + " in " + test, e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static Method entry(Class<?> copy, String method) {
        Method entry = Stream.of(copy.getDeclaredMethods())
                .filter(each -> each.getName().equals(method))
                .findAny()
                .orElseThrow();
        entry.setAccessible(true);
        return entry;
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void rethrow(Throwable failure) throws E {
        throw (E) failure;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(COPIED)) {
            return original.loadClass(name);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = changed.get(name);
        if (bytes == null) {
            bytes = read(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] read(String name) throws ClassNotFoundException {
        try (InputStream in = original.getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public URL getResource(String name) {
        return original.getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        return original.getResources(Objects.requireNonNull(name));
    }
}

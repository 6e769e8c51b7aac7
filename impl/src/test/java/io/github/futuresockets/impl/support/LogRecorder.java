package io.github.futuresockets.impl.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/**
 * Records everything logged by the library, at all levels. Uses reflection, because the tests do not read
 * {@code java.logging}.
 */
public final class LogRecorder implements AutoCloseable {
    private static final String NAME = "io.github.futuresockets";

    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private final Object logger;
    private final Object handler;
    private final Object before;

    /** Begins the recording. */
    public LogRecorder() {
        try {
            Class<?> formatter = Class.forName("java.util.logging.Formatter");
            Object simple = Class.forName("java.util.logging.SimpleFormatter")
                    .getConstructor()
                    .newInstance();
            handler = Class.forName("java.util.logging.StreamHandler")
                    .getConstructor(OutputStream.class, formatter)
                    .newInstance(heard, simple);
            logger = Class.forName("java.util.logging.Logger")
                    .getMethod("getLogger", String.class)
                    .invoke(null, NAME);
            before = logger.getClass().getMethod("getLevel").invoke(logger);
            Object all = level().getField("ALL").get(null);
            call(handler, "setLevel", level(), all);
            call(logger, "setLevel", level(), all);
            call(logger, "addHandler", Class.forName("java.util.logging.Handler"), handler);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Class<?> level() throws ClassNotFoundException {
        return Class.forName("java.util.logging.Level");
    }

    private static void call(Object target, String method, Class<?> type, Object argument)
            throws ReflectiveOperationException {
        target.getClass().getMethod(method, type).invoke(target, argument);
    }

    /** Returns the text logged so far. */
    public String text() {
        try {
            handler.getClass().getMethod("flush").invoke(handler);
            return heard.toString(UTF_8);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        try {
            call(logger, "removeHandler", Class.forName("java.util.logging.Handler"), handler);
            call(logger, "setLevel", level(), before);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}

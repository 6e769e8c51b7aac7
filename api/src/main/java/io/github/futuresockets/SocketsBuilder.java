package io.github.futuresockets;

import io.github.futuresockets.spi.Settings;
import io.github.futuresockets.spi.SocketProvider;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The builder of sockets. Collects the settings, finds the provider and passes the settings to the provider. Not
 * thread-safe.
 */
final class SocketsBuilder implements AsyncSockets.Builder {
    /** The number of sockets built, used in the names of threads. Shared by all threads. */
    private static final AtomicInteger BUILT = new AtomicInteger();

    // the building thread's alone

    private @Nullable String provider;
    private int threads = Runtime.getRuntime().availableProcessors();
    private @Nullable ThreadFactory threadFactory;
    private @Nullable Executor executor;
    private Duration connectTimeout = Duration.ofSeconds(30);
    private Duration readTimeout = Duration.ZERO;
    private Duration writeTimeout = Duration.ZERO;
    private Duration idleTimeout = Duration.ZERO;
    private @Nullable BiConsumer<? super AsyncSocket, ? super Throwable> onError;
    private @Nullable Resolver resolver;
    private Duration closeTimeout = Duration.ofSeconds(5);
    private long writeQueueLimit = 16 << 20;
    private final Map<SocketOption<?>, Object> options = new LinkedHashMap<>();

    SocketsBuilder() {
        options.put(StandardSocketOptions.TCP_NODELAY, true);
    }

    @Override
    public SocketsBuilder provider(String name) {
        provider = Objects.requireNonNull(name, "name");
        return this;
    }

    @Override
    public AsyncSockets.Builder threads(int count) {
        threads = (int) atLeastOne(count, "threads");
        return this;
    }

    @Override
    public AsyncSockets.Builder threadFactory(ThreadFactory factory) {
        threadFactory = Objects.requireNonNull(factory, "factory");
        return this;
    }

    @Override
    public AsyncSockets.Builder executor(Executor completions) {
        executor = Objects.requireNonNull(completions, "completions");
        return this;
    }

    @Override
    public AsyncSockets.Builder connectTimeout(Duration timeout) {
        connectTimeout = Settings.notNegative(timeout);
        return this;
    }

    @Override
    public AsyncSockets.Builder readTimeout(Duration timeout) {
        readTimeout = Settings.notNegative(timeout);
        return this;
    }

    @Override
    public AsyncSockets.Builder writeTimeout(Duration timeout) {
        writeTimeout = Settings.notNegative(timeout);
        return this;
    }

    @Override
    public AsyncSockets.Builder idleTimeout(Duration timeout) {
        idleTimeout = Settings.notNegative(timeout);
        return this;
    }

    @Override
    public AsyncSockets.Builder onError(BiConsumer<? super AsyncSocket, ? super Throwable> handler) {
        onError = Objects.requireNonNull(handler, "handler");
        return this;
    }

    @Override
    public AsyncSockets.Builder resolver(Resolver names) {
        resolver = Objects.requireNonNull(names, "resolver");
        return this;
    }

    @Override
    public AsyncSockets.Builder closeTimeout(Duration timeout) {
        closeTimeout = Settings.notNegative(timeout);
        return this;
    }

    @Override
    public AsyncSockets.Builder writeQueueLimit(long bytes) {
        writeQueueLimit = atLeastOne(bytes, "writeQueueLimit");
        return this;
    }

    @Override
    public <T> AsyncSockets.Builder option(SocketOption<T> name, T value) {
        options.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return this;
    }

    @Override
    public AsyncSockets build() {
        SocketProvider found = find();
        return found.open(settings(found));
    }

    /** Builds a network in memory with simulated time. */
    MemoryNetwork buildSimulation() {
        SocketProvider found = provider("memory").find();
        return found.simulate(settings(found));
    }

    private Settings settings(SocketProvider found) {
        ThreadFactory factory = threadFactory != null
                ? threadFactory
                : threads("futuresockets-" + BUILT.incrementAndGet() + "-" + found.name() + "-");
        return new Settings(
                threads,
                factory,
                executor,
                connectTimeout,
                readTimeout,
                writeTimeout,
                idleTimeout,
                closeTimeout,
                writeQueueLimit,
                onError,
                resolver,
                Collections.unmodifiableMap(new LinkedHashMap<>(options)));
    }

    /**
     * Returns the default factory, of non-daemon threads. Up to JDK 18 the threads inherit the context class loader of
     * the creating thread. From JDK 19 on their context class loader is the system class loader.
     */
    private static ThreadFactory threads(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(null, task, prefix + count.incrementAndGet(), 0, false);
            thread.setDaemon(false);
            return thread;
        };
    }

    /**
     * Returns the provider with the highest rank, or the provider with the selected name. Searches the class loader of
     * the library first, and the context class loader if the first search finds nothing.
     */
    private SocketProvider find() {
        List<SocketProvider> known = load(SocketsBuilder.class.getClassLoader());
        if (known.isEmpty()) {
            known = load(Thread.currentThread().getContextClassLoader());
        }
        if (known.isEmpty()) {
            throw new IllegalStateException("No provider of sockets found: is"
                    + " io.github.futuresockets:futuresockets-impl on the class path or module path? An image made by jlink"
                    + " needs --add-modules io.github.futuresockets.impl");
        }
        return known.stream()
                .filter(each -> each.rank() >= 0)
                .filter(each -> provider == null || provider.equals(each.name()))
                .max(Comparator.comparingInt(SocketProvider::rank))
                .orElseThrow(() -> new IllegalStateException("No provider "
                        + (provider == null ? "" : "named " + provider + " ")
                        + "can run here; known: " + names()));
    }

    private static List<SocketProvider> load(@Nullable ClassLoader loader) {
        List<SocketProvider> found = new ArrayList<>();
        ServiceLoader.load(SocketProvider.class, loader).forEach(found::add);
        return found;
    }

    private static String names() {
        List<String> names = new ArrayList<>();
        load(SocketsBuilder.class.getClassLoader()).forEach(each -> names.add(each.name() + " " + each.rank()));
        return String.join(", ", names);
    }

    private static long atLeastOne(long value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " " + value + " is less than 1");
        }
        return value;
    }
}

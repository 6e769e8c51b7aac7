package io.github.futuresockets.future;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A method of {@code CompletionStage} for the derivation of a stage, called by reflection. */
record Deriving(Method method) {
    /**
     * A body for functions of all types. If the type of the function has fewer parameters, the other arguments are
     * {@link #ABSENT}.
     */
    interface Body {
        @Nullable Object run(@Nullable Object one, @Nullable Object two);
    }

    static final String ABSENT = "absent";

    static List<Deriving> all() {
        return Arrays.stream(CompletionStage.class.getMethods())
                .filter(method -> CompletionStage.class.isAssignableFrom(method.getReturnType()))
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getParameterCount() > 0)
                .sorted(Comparator.comparing(Method::toString))
                .map(Deriving::new)
                .toList();
    }

    static List<Deriving> withOneSource() {
        return all().stream().filter(each -> !each.isPaired()).toList();
    }

    static List<Deriving> withTwoSources() {
        return all().stream().filter(Deriving::isPaired).toList();
    }

    boolean isPaired() {
        return method.getParameterTypes()[0] == CompletionStage.class;
    }

    boolean isEither() {
        return method.getName().contains("Either");
    }

    boolean isComposing() {
        return method.getName().contains("Compose");
    }

    boolean takesExecutor() {
        return Arrays.asList(method.getParameterTypes()).contains(Executor.class);
    }

    /** Returns true if the method calls its function only after a failure. */
    boolean isForFailure() {
        return method.getName().startsWith("exceptionally");
    }

    CompletableFuture<Object> on(CompletionStage<?> source, CompletionStage<?> other, Executor executor, Body body) {
        return invoke(source, arguments(other, executor, body));
    }

    /** Derives a stage. If the method is composing, the result of the body is wrapped in a completed stage. */
    CompletableFuture<Object> on(CompletionStage<?> source, Body body) {
        Body composed = (one, two) -> CompletableFuture.completedFuture(body.run(one, two));
        return on(source, new CompletableFuture<>(), Runnable::run, isComposing() ? composed : body);
    }

    @Nullable Object[] arguments(CompletionStage<?> other, Executor executor, Body body) {
        return Arrays.stream(method.getParameterTypes())
                .map(type -> type == CompletionStage.class
                        ? other
                        : type == Executor.class ? executor : function(type, body))
                .toArray();
    }

    @SuppressWarnings("unchecked")
    CompletableFuture<Object> invoke(CompletionStage<?> source, @Nullable Object... arguments) {
        try {
            return (CompletableFuture<Object>) method.invoke(source, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException) {
                throw (RuntimeException) e.getCause();
            }
            throw new AssertionError(e.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static Object function(Class<?> type, Body body) {
        if (type == Function.class) {
            return (Function<Object, Object>) one -> body.run(one, ABSENT);
        }
        if (type == BiFunction.class) {
            return (BiFunction<Object, Object, Object>) body::run;
        }
        if (type == Consumer.class) {
            return (Consumer<Object>) one -> body.run(one, ABSENT);
        }
        if (type == BiConsumer.class) {
            return (BiConsumer<Object, Object>) body::run;
        }
        if (type == Runnable.class) {
            return (Runnable) () -> body.run(ABSENT, ABSENT);
        }
        throw new AssertionError("a parameter of a new type: " + type);
    }

    @Override
    public String toString() {
        StringBuilder name = new StringBuilder(method.getName());
        return takesExecutor() ? name.append("(executor)").toString() : name.toString();
    }
}

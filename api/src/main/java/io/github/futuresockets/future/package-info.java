/**
 * The future engine, with {@link OperationFuture} as the class of all futures of this library. The package is exported
 * to the implementation module alone, and knows nothing of sockets.
 *
 * <ul>
 *   <li>How is a future completed, and how does a thread wait? {@link OperationFuture}
 *   <li>Which stage does {@code thenApply} create? {@link StageMethods} has the methods, {@link Stages} the stages with
 *       a single source, {@link PairStage} a stage with two sources.
 *   <li>How do an outcome and a composed inner future reach a stage? {@link Stage}
 *   <li>Where are the dependents of a future, and how does a chain of a million stages complete in constant stack?
 *       {@link Dependents}, with {@link Crowd} as the collection for searches.
 *   <li>When does a cancel withdraw an operation? {@link Abandonment}
 *   <li>What are {@code copy()} and {@code minimalCompletionStage()}? {@link DetachedStages}
 *   <li>Why does an alternation with other stage classes not overflow the stack? {@link Trampoline}
 *   <li>Which operations may be passed by a loop, and are flushed by {@code join}? {@link Coalesced}
 *   <li>What does a future need from its sockets? {@link IoContext}
 * </ul>
 *
 * <p><b>Dependencies.</b> The JDK only.
 *
 * <p><b>Threads.</b> The package has no thread of its own. Dependents run on the thread that completes a future,
 * derives a stage from a completed future, or cancels. A stage with an executor runs on the executor.
 *
 * <p><b>Locks.</b> The monitor of a {@code Crowd} is the only lock, and a leaf. All other shared state is volatile,
 * changed by compare-and-set, or published by such a write. The only exception is the context of a future, which a
 * reader may see late. No function, dependent or {@code withdraw} is called under a lock.
 *
 * <p><b>Buffers.</b> None.
 */
@NullMarked
package io.github.futuresockets.future;

import org.jspecify.annotations.NullMarked;

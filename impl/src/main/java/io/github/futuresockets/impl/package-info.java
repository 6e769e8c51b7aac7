/**
 * The providers of sockets, found by {@link java.util.ServiceLoader}.
 *
 * <p>The files:
 * <ul>
 *   <li>{@link io.github.futuresockets.impl.LoopProvider}: sockets over event loops. The default, except on Windows.
 *   <li>{@link io.github.futuresockets.impl.Nio2Provider}: sockets over the asynchronous channels of the JDK.
 *   <li>{@link io.github.futuresockets.impl.MemoryProvider} and {@code MemoryEngine}: sockets in memory, for tests,
 *       with a virtual clock if the test wants to control the time.
 * </ul>
 *
 * <p>Each provider starts its loops and opens an {@link io.github.futuresockets.impl.engine.Engine} over the loops. The
 * package depends on the packages {@code engine}, {@code channel}, {@code memory}, {@code transport}, {@code common} and
 * {@code loop}, and on the API. No other package depends on this package.
 *
 * <p>The code runs in the threads of the user. The package has no locks and owns no buffers.
 */
@NullMarked
package io.github.futuresockets.impl;

import org.jspecify.annotations.NullMarked;

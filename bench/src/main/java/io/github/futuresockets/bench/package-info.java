/**
 * The commands of the benchmarks and of the demonstration. {@link Main} maps a command to a class of this package.
 *
 * <ul>
 *   <li>Which echo servers can be measured? {@code peer}, by the names in {@code Peers}.
 *   <li>Where does the load come from? {@code load}, with the same generator for every server.
 *   <li>How are servers measured side by side, each in a JVM of its own? {@code compare}
 *   <li>Where are the figures, and the pages with the figures? {@code result} and {@code report}
 *   <li>Where are the microbenchmarks of JMH? {@code micro}
 *   <li>How does the demonstration verify a thousand conversations at once? {@code demo}
 * </ul>
 *
 * <p><b>Dependencies.</b> All packages above, and {@code common}. No package depends on this package, except that
 * {@code compare} starts {@code Main} by name in child JVMs.
 *
 * <p><b>Threads.</b> A command runs on the main thread. The classes of this package have no locks and no buffers,
 * except for the random bytes that all binary conversations of the demonstration read.
 */
@NullMarked
package io.github.futuresockets.bench;

import org.jspecify.annotations.NullMarked;

/**
 * Benchmarks and the demonstration: an echo server in several forms ({@link io.github.futuresockets.bench.peer.Peer}),
 * a load generator that is the same for all, a comparison of what the servers cost, and a thousand conversations at
 * once.
 */
@NullMarked
package io.github.futuresockets.bench;

import org.jspecify.annotations.NullMarked;

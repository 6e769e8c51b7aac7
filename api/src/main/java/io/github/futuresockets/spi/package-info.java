/**
 * For those who implement sockets, and for no one else: the provider that {@link io.github.futuresockets.AsyncSockets}
 * looks up, and the one class of its futures.
 */
@NullMarked
package io.github.futuresockets.spi;

import org.jspecify.annotations.NullMarked;

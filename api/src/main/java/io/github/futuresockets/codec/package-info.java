/**
 * Messages: pure functions between bytes and values. A stream of bytes has no messages of its own; a protocol makes them
 * of fixed length, ends them with a delimiter, says how long they are, or ends them by closing.
 * {@link io.github.futuresockets.codec.Codecs} has the usual ones.
 */
@NullMarked
package io.github.futuresockets.codec;

import org.jspecify.annotations.NullMarked;

/**
 * Conversions between bytes and messages. A TCP stream has no message boundaries. A codec finds the boundaries of
 * incoming messages, by a fixed length, a delimiter or a length prefix, and creates the bytes of outgoing messages.
 *
 * <ul>
 *   <li>{@link io.github.futuresockets.codec.Codecs}: the factory of the ready-made codecs. Each codec is a class of
 *       its own, for example {@code Lines} for {@code Codecs.lines}.
 *   <li>{@link io.github.futuresockets.codec.Decoder} and {@link io.github.futuresockets.codec.Encoder}: the functions
 *       that a user implements for another protocol. {@link io.github.futuresockets.codec.Codec} combines both
 *       functions.
 *   <li>{@link io.github.futuresockets.codec.Codec#map} and {@link io.github.futuresockets.codec.Decoder#map}: a codec
 *       or decoder for another message type, made of an existing one.
 *   <li>{@link io.github.futuresockets.codec.Decoder#then}: a decoder for a head and a body, chosen by the head.
 *   <li>{@link io.github.futuresockets.codec.Decoders}: the pieces of a decoder written by hand, such as a line.
 *   <li>{@link io.github.futuresockets.codec.LengthField}: the options of a length prefix.
 *   <li>{@link io.github.futuresockets.codec.FrameTooLongException}: the failure of a message above its limit.
 * </ul>
 *
 * <p><b>Dependencies.</b> The codecs depend on no other package. Their javadoc refers to
 * {@link io.github.futuresockets}.
 *
 * <p><b>Threads and locks.</b> Decoders and encoders are pure functions. A decoder runs on an I/O thread or on the
 * caller of the read. An encoder runs on the caller of the write. The package has no lock.
 *
 * <p><b>Buffers.</b> The connection owns the buffer that a decoder reads, and the buffer is valid during the call only.
 * The caller of a read owns the returned message. The buffer that an encoder returns is lent to the write.
 */
@NullMarked
package io.github.futuresockets.codec;

import org.jspecify.annotations.NullMarked;

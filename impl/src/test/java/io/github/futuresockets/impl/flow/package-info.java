/**
 * The conformance tests of Reactive Streams over sockets, written for TestNG.
 *
 * <p>{@link ByteBufferPublisherTckTest} and {@link MessagePublisherTckTest} verify the publishers.
 * {@link SubscriberTckTest} verifies the subscribers. {@link Conversations} makes the sockets and their peers.
 *
 * <p>Depends on the room {@code support}, and on the public API. Each peer runs on a separate background thread. The
 * room has no locks and no buffers to release.
 */
package io.github.futuresockets.impl.flow;

/**
 * Views that are built on a socket alone: messages, pipelined requests, replies in order, streams of {@code java.io}.
 *
 * <p>{@link Messages} is the view by a decoder and an encoder. {@link RequestPipeline} pairs requests with replies.
 * {@link ReplyPipeline} handles several messages at the same time and replies in order. {@link SocketInput} and
 * {@link SocketOutput} are the blocking streams.
 *
 * <p>Depends on the contract, codecs, {@code future} and {@code compose}. Each class states its lock. No lock is held while
 * code of a user runs.
 */
@NullMarked
package io.github.futuresockets.impl.view;

import org.jspecify.annotations.NullMarked;

package io.github.futuresockets;

import io.github.futuresockets.codec.Encoder;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/**
 * The writing side of a conversation. There is nothing to flush: what is written is on its way.
 *
 * <p>For every write of this interface:
 *
 * <p><b>Completion.</b> When the kernel has taken every byte. That the peer has read them, only the peer can say. Short writes
 * of a callback of a read of the same socket, while further input is at hand, leave together when the callback is over, at the
 * latest before the next bytes are asked for; until then they are not done. Waiting for one on that thread sends it; waiting
 * there for what the JDK has made of several ({@code allOf}), or for something else that one of them ends, is waiting for
 * oneself.
 *
 * <p><b>Concurrency.</b> Any number of writes from any threads: they leave first in, first out, gathered into few system
 * calls, and the bytes of one are never interleaved with another's.
 *
 * <p><b>Cancellation.</b> Before its first byte has left, a write is taken back as if it had never been. Afterwards the
 * rest is copied within the cancelling call and still goes out in its turn, so that the stream is never torn.
 *
 * <p><b>Timeouts.</b> {@link AsyncSocket#writeTimeout}: when writes wait and no byte leaves for so long, all of them fail
 * with {@link java.net.SocketTimeoutException} and the socket is aborted. {@code orTimeout} cancels one write.
 *
 * <p><b>Buffers.</b> A source is lent until the future is done. After success it is at its limit, otherwise where it was,
 * unless it was short and already on its way.
 *
 * <p><b>Failures.</b> {@link java.nio.channels.ClosedChannelException} after {@code close()} or {@code shutdownOutput()};
 * an {@code IOException} that names the peer otherwise. A write that fails ends the conversation (contract, clause 16),
 * unless it was refused because that side was closed already, or cancelled.
 */
public interface AsyncWriter {

    /**
     * Writes the remaining bytes of {@code src}, all of them. An empty source completes in its turn.
     *
     * @param src what to write
     * @return done when the kernel has taken every byte
     */
    CompletableFuture<Void> write(ByteBuffer src);

    /**
     * Writes the remaining bytes of several buffers as one write.
     *
     * @param first what to write first
     * @param more what to write behind it, in order; the array is copied
     * @return done when the kernel has taken every byte of every buffer
     */
    CompletableFuture<Void> write(ByteBuffer first, ByteBuffer... more);

    /**
     * Writes the bytes of {@code src}.
     *
     * <p><b>Buffers.</b> The array is lent, not copied: it must not change until the future is done. It may be lent to
     * many writes at once.
     *
     * @param src what to write
     * @return done when the kernel has taken every byte
     */
    CompletableFuture<Void> write(byte[] src);

    /**
     * Writes {@code text} as UTF-8. It is encoded before the call returns; an unpaired surrogate becomes {@code '?'}.
     *
     * @param text what to write
     * @return done when the kernel has taken every byte
     */
    CompletableFuture<Void> write(CharSequence text);

    /**
     * Writes {@code line} as UTF-8 and an LF behind it, as one write. The line is encoded before the call returns.
     *
     * @param line what to write, without its ending
     * @return done when the kernel has taken every byte
     */
    CompletableFuture<Void> writeLine(CharSequence line);

    /**
     * Writes what {@code encoder} makes of {@code message}, as one write. The encoder runs within the call, on the
     * calling thread; the buffer that it returns is lent like a caller's.
     *
     * @param <T> the type of the message
     * @param message what to write
     * @param encoder a pure function from a message to bytes
     * @return done when the kernel has taken every byte; whatever the encoder throws, which ends the conversation
     */
    <T> CompletableFuture<Void> writeMessage(T message, Encoder<? super T> encoder);

    /**
     * Writes {@code count} bytes, or as many as there are up to its end, from a channel such as a file: one write, with its place
     * in the queue, though its bytes are read only when they can leave. From a file the kernel sends them by itself where the
     * provider can do that ({@code sendfile}: TCP, provider {@code loop}); otherwise they are copied, 64 KiB at a time. They do
     * not count towards {@code writeQueueLimit} or {@link #writable}.
     *
     * <p><b>Concurrency.</b> The channel is read from, and {@code progress} is called, on a thread that is there for such
     * channels, never on an I/O thread and never twice at once; either may wait, and holds up the writes behind this one, but
     * no other socket. {@code progress} gets how many bytes have left in all, more each time. A channel that has nothing yet, one
     * that does not block for instance, is asked again after 10 ms.
     *
     * <p><b>Position.</b> A file is read from where it stands when the turn of this write comes, so several writes from one
     * file follow each other; its position then goes on by what has left. It is lent until the future is done, and should not
     * be used by another socket meanwhile. Of any other channel, and of a file without a position such as a FIFO, no more than
     * {@code count} bytes are taken. The source ends where a read of it tells so, whatever its size is said to be.
     *
     * <p><b>Cancellation.</b> Before its first byte has left it is taken back as if it had never been; up to 64 KiB that a channel
     * other than a file has given by then are lost. Afterwards it aborts the socket, since the rest cannot be copied within the
     * cancelling call. A call of the channel that is under way is not interrupted, nor does the socket's end wait for it.
     *
     * <p><b>Timeouts.</b> {@code writeTimeout} counts while the channel is waited for, too: no byte leaves.
     *
     * <p><b>Failures.</b> What the channel or {@code progress} throws is the cause of the failure, and ends the conversation.
     *
     * @param source where the bytes come from; not closed
     * @param count the most bytes to write; {@link Long#MAX_VALUE} for all up to the end of the source
     * @param progress told of what has left
     * @return the number of bytes written, when the kernel has taken every one: {@code count} unless the source ended before,
     *     which is no failure. With a {@code count} of 0 the source is not touched
     * @throws IllegalArgumentException if {@code count} is negative
     */
    CompletableFuture<Long> transferFrom(ReadableByteChannel source, long count, LongConsumer progress);

    /**
     * Half-close: sends the end of the stream behind the queued writes. Reading goes on. Idempotent: a second call
     * completes with the first.
     *
     * <p><b>Cancellation.</b> Touches nothing else: each call returns a future of its own, and the stream ends all the same.
     *
     * @return done when the FIN is on its way (RFC 9293, 3.6); {@link java.nio.channels.ClosedChannelException} after
     *     {@code close()}
     */
    CompletableFuture<Void> shutdownOutput();

    /**
     * Back-pressure for those who do not wait for each write: done while fewer than 64 KiB wait to be sent, and once
     * there were more, again when 32 KiB are left. It is no answer for now: it may be pending though little waits, so that a
     * loop over it does not starve others. {@link SocketStats#pendingWriteBytes} is.
     *
     * <p><b>Cancellation.</b> Touches nothing else: each call returns a future of its own.
     *
     * @return done when it is time to write on; {@link java.nio.channels.ClosedChannelException} when no write can
     *     succeed any more
     */
    CompletableFuture<Void> writable();
}

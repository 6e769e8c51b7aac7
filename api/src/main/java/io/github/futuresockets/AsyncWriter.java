package io.github.futuresockets;

import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.codec.LineEnding;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/**
 * The writing side of a connection. Every write is sent without a flush by the caller.
 *
 * <p>The following holds for every write of this interface.
 *
 * <p><b>Completion.</b> A write completes when the kernel has taken every byte. Completion says nothing about the peer
 * having read the bytes.
 *
 * <p><b>Coalescing.</b> While a callback of a read runs and further input is available, short writes of the callback to
 * the same socket are coalesced. The coalesced writes are sent when the callback returns, and at the latest before the
 * socket reads again. Until then their futures are pending. Waiting for such a write on the callback's thread sends the
 * coalesced writes at once. Waiting on the callback's thread for anything else that depends on such a write, for
 * example {@code CompletableFuture.allOf}, is a deadlock.
 *
 * <p><b>Concurrency.</b> Any number of writes may be pending, from any threads. Writes are sent first in, first out,
 * and gathered into few system calls. The bytes of two writes are never interleaved.
 *
 * <p><b>Cancellation.</b> If a write is cancelled before its first byte was sent, no byte of the write is sent. If a
 * write is cancelled later, the cancelling call copies the rest of the write, and the rest is still sent in order
 * (contract, clause 6).
 *
 * <p><b>Timeouts.</b> If writes are pending and the kernel takes no byte for the time of
 * {@link AsyncSocket#writeTimeout}, all pending writes fail with {@link java.net.SocketTimeoutException} and the socket
 * is aborted. {@code orTimeout} cancels a single write.
 *
 * <p><b>Buffers.</b> A source is lent to the write until the future is done. After a success, the position of the
 * source is its limit. After a failure, the position is unchanged. If the failed write was coalesced, the position may
 * be the limit.
 *
 * <p><b>Failures.</b> A write after {@code close()} or {@code shutdownOutput()} fails with
 * {@link java.nio.channels.ClosedChannelException}. Any other failure is an {@code IOException} with the peer in its
 * message. A failed write ends the connection (contract, clause 16), with two exceptions:
 *
 * <ul>
 *   <li>The write was refused because the writing side was closed already.
 *   <li>The write was cancelled.
 * </ul>
 */
public interface AsyncWriter {

    /**
     * Writes all remaining bytes of {@code src}. An empty source completes after the writes before it.
     *
     * @param src the bytes to write
     * @return a future that completes when the kernel has taken every byte
     */
    CompletableFuture<Void> write(ByteBuffer src);

    /**
     * Writes the remaining bytes of several buffers as a single write.
     *
     * @param first the first bytes to write
     * @param more the buffers to write after {@code first}, in order; the array is copied
     * @return a future that completes when the kernel has taken every byte of every buffer
     */
    CompletableFuture<Void> write(ByteBuffer first, ByteBuffer... more);

    /**
     * Writes the bytes of {@code src}.
     *
     * <p><b>Buffers.</b> The array is lent, not copied. The array must not change until the future is done. An array
     * may be lent to many writes at once.
     *
     * @param src the bytes to write
     * @return a future that completes when the kernel has taken every byte
     */
    CompletableFuture<Void> write(byte[] src);

    /**
     * Writes {@code text} as UTF-8. The text is encoded before the call returns. An unpaired surrogate becomes
     * {@code '?'}.
     *
     * @param text the text to write
     * @return a future that completes when the kernel has taken every byte
     */
    CompletableFuture<Void> write(CharSequence text);

    /**
     * Writes {@code line} as UTF-8, followed by LF, as a single write. The line is encoded before the call returns.
     *
     * @param line the line to write, without its line ending
     * @return a future that completes when the kernel has taken every byte
     */
    CompletableFuture<Void> writeLine(CharSequence line);

    /**
     * Writes {@code line} as UTF-8, followed by a line ending, as a single write. The line is encoded before the call
     * returns. A line ending within {@code line} is sent unchanged, so the peer reads several lines.
     * {@link io.github.futuresockets.codec.Codecs#lines} refuses such a line.
     *
     * @param line the line to write, without its line ending
     * @param ending the line ending to add
     * @return a future that completes when the kernel has taken every byte
     */
    CompletableFuture<Void> writeLine(CharSequence line, LineEnding ending);

    /**
     * Encodes {@code message} and writes the result as a single write. The encoder runs within the call, on the calling
     * thread. The buffer that the encoder returns is lent to the write.
     *
     * @param <T> the type of the message
     * @param message the message to write
     * @param encoder a pure function from a message to bytes
     * @return a future that completes when the kernel has taken every byte. If the encoder throws, the future fails
     *     with the exception of the encoder (contract, clause 15), and the connection ends.
     */
    <T> CompletableFuture<Void> writeMessage(T message, Encoder<? super T> encoder);

    /**
     * Writes up to {@code count} bytes from a channel, such as a file, as a single write. The transfer has a place in
     * the queue of writes like any other write. The channel is read only when the bytes can be sent.
     *
     * <p>If the provider can send from a file within the kernel ({@code sendfile}, for TCP with the provider
     * {@code loop}), the bytes of a file are not copied. Otherwise the bytes are copied, up to 64 KiB at a time. The
     * bytes of a transfer do not count towards {@code writeQueueLimit} or {@link #writable}.
     *
     * <p><b>Concurrency.</b> Threads for blocking channels read {@code source} and call {@code progress}. I/O threads
     * never do. Calls are never concurrent. Both the channel and {@code progress} may block. A call that blocks delays
     * later writes of the same socket, and no other socket. {@code progress} receives the total number of bytes sent,
     * larger at each call. If the channel returns no byte, as a non-blocking channel may, the transfer reads again
     * after 10 ms.
     *
     * <p><b>Position.</b> A file is read from its position at the time when the transfer reaches the head of the queue.
     * So several transfers from the same file follow each other. The position advances by the number of bytes sent. The
     * file is lent until the future is done and should not be used by another socket during the transfer. From a
     * channel without a position, such as a FIFO, at most {@code count} bytes are read. The source ends when a read
     * returns -1, even if the size of the file says otherwise.
     *
     * <p><b>Cancellation.</b> If the transfer is cancelled before its first byte was sent, no byte of the transfer is
     * sent. If the source is not a file, up to 64 KiB that were read from the channel are then lost. If the transfer is
     * cancelled later, the socket is aborted, because the cancelling call cannot copy the rest of the source. A running
     * call of the channel is not interrupted, and closing the socket does not wait for such a call.
     *
     * <p><b>Timeouts.</b> {@code writeTimeout} also counts while the transfer waits for the channel, because no byte is
     * sent during the wait.
     *
     * <p><b>Failures.</b> An exception of the channel or of {@code progress} is the cause of the failure, and ends the
     * connection.
     *
     * @param source the channel to read from; the transfer does not close the channel
     * @param count the largest number of bytes to write; {@link Long#MAX_VALUE} writes all bytes up to the end of the
     *     source
     * @param progress receives the total number of bytes sent so far
     * @return a future of the number of bytes written, which completes when the kernel has taken every byte. The number
     *     is less than {@code count} if the source ended earlier; an early end is not a failure. If {@code count} is 0,
     *     the source is not read.
     * @throws IllegalArgumentException if {@code count} is negative
     */
    CompletableFuture<Long> transferFrom(ReadableByteChannel source, long count, LongConsumer progress);

    /**
     * Half-closes the connection. Sends the end of the stream after the pending writes. Reading remains possible. A
     * second call completes together with the first.
     *
     * <p><b>Cancellation.</b> Each call returns a separate future. Cancelling the future does not stop the half-close.
     *
     * @return a future that completes when the end of the stream is sent (FIN; RFC 9293, 3.6). The future fails with
     *     {@link java.nio.channels.ClosedChannelException} after {@code close()}.
     */
    CompletableFuture<Void> shutdownOutput();

    /**
     * Returns a future for back-pressure, for a caller that does not wait for each write. The future completes while
     * fewer than 64 KiB are pending. After more than 64 KiB were pending, the future completes again at 32 KiB.
     *
     * <p>The returned future is not a snapshot of the queue. The future may be pending although few bytes are pending,
     * so that a loop over {@code writable()} does not starve other connections. {@link SocketStats#pendingWriteBytes}
     * is a snapshot.
     *
     * <p><b>Cancellation.</b> Each call returns a separate future. Cancelling the future has no other effect.
     *
     * @return a future that completes when the caller should continue to write. The future fails with
     *     {@link java.nio.channels.ClosedChannelException} when no write can succeed any more.
     */
    CompletableFuture<Void> writable();
}

package io.github.futuresockets;

import io.github.futuresockets.codec.Decoder;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The reading side of a conversation.
 *
 * <p>All methods share one buffer that belongs to the connection, so they can be mixed freely. For every read of this
 * interface:
 *
 * <p><b>Concurrency.</b> At most one read is pending; a second one fails with
 * {@link java.nio.channels.ReadPendingException}, which names the first. Reads may be issued by any thread.
 *
 * <p><b>Cancellation.</b> Lossless: a cancelled read has taken no byte, and the next read gets what it would have got.
 *
 * <p><b>Timeouts.</b> {@link AsyncSocket#readTimeout} fails a read that sees no byte arrive for so long with
 * {@link java.net.SocketTimeoutException}; {@code orTimeout} bounds it as a whole. Both are lossless.
 *
 * <p><b>Failures.</b> After {@code close()} reads fail with {@link java.nio.channels.ClosedChannelException}; one that
 * was pending then, with {@link java.nio.channels.AsynchronousCloseException}. An error of the connection (a reset) is an
 * {@code IOException}, once everything that arrived before it has been read.
 */
public interface AsyncReader {

    /**
     * Reads what is there, up to the room in {@code dst}. Completes with the number of bytes, at least 1, or with -1 at
     * the end of the stream.
     *
     * <p><b>Buffers.</b> {@code dst} is lent until the future is done; its position then stands behind the bytes. If the
     * read fails or is withdrawn {@code dst} is as it was.
     *
     * @param dst where the bytes go
     * @return the number of bytes, or -1
     * @throws IllegalArgumentException if {@code dst} is read-only or full
     */
    CompletableFuture<Integer> read(ByteBuffer dst);

    /**
     * Reads what is there, up to {@code max} bytes. Completes with a buffer of 1 to {@code max} bytes, or with null at
     * the end of the stream.
     *
     * <p><b>Buffers.</b> Memory is taken when the bytes are there, so a large {@code max} costs nothing while the peer is
     * silent.
     *
     * @param max the most bytes to read, at least 1
     * @return a fresh buffer, or null
     * @throws IllegalArgumentException if {@code max} is less than 1
     */
    CompletableFuture<@Nullable ByteBuffer> readSome(int max);

    /**
     * Fills {@code dst}. Completes when it has no room left, at once if it had none.
     *
     * <p><b>Buffers.</b> {@code dst} is lent until the future is done and touched only when all its bytes are there:
     * if the read fails or is withdrawn it is as it was, and the bytes that came stay readable.
     *
     * @param dst what to fill
     * @return done when {@code dst} is full; {@link IncompleteReadException} if the stream ends before
     * @throws IllegalArgumentException if {@code dst} is read-only
     */
    CompletableFuture<Void> readFully(ByteBuffer dst);

    /**
     * Reads {@code length} bytes. Completes with all of them.
     *
     * <p><b>Buffers.</b> Memory grows with the bytes that arrive, so a {@code length} taken from the wire cannot exhaust
     * it before the peer has really sent so much. A length of 0 gives an empty buffer at once, even at the end of the stream.
     *
     * @param length the number of bytes, not negative
     * @return a fresh buffer of {@code length} bytes; {@link IncompleteReadException} if the stream ends before
     * @throws IllegalArgumentException if {@code length} is negative
     */
    CompletableFuture<ByteBuffer> readExactly(int length);

    /**
     * Reads up to and including the next {@code delimiter}. Each byte is looked at once, however the bytes arrive.
     *
     * @param delimiter the bytes that end the message, at least one; copied
     * @param limit the most bytes to read, the delimiter counted in
     * @return a fresh buffer that ends with the delimiter; {@link FrameTooLongException} if the first {@code limit} bytes
     *     do not hold it, {@link IncompleteReadException} if the stream ends before
     * @throws IllegalArgumentException if {@code delimiter} is empty or {@code limit} is less than its length
     */
    CompletableFuture<ByteBuffer> readUntil(byte[] delimiter, int limit);

    /**
     * Drops everything up to and including the next {@code delimiter}, as it comes and in bounded memory however much it
     * is: the way to the next message behind one that was too long. Completes with the number of bytes dropped, the
     * delimiter counted in. Each byte is looked at once.
     *
     * <p><b>Cancellation.</b> What has been dropped by then is gone; what may be the beginning of a delimiter is not, so
     * another {@code discardUntil} goes on where this one has ended. The same holds for time-outs.
     *
     * @param delimiter the bytes to find, at least one; copied
     * @return the number of bytes dropped; {@link IncompleteReadException}, with nothing in it, if the stream ends before,
     *     and everything up to the end is gone then, as it is if an error of the connection ends it
     * @throws IllegalArgumentException if {@code delimiter} is empty
     */
    CompletableFuture<Long> discardUntil(byte[] delimiter);

    /**
     * Reads a line of UTF-8 that ends with LF or CRLF, both stripped; a CR elsewhere is data. A last line without its LF
     * is given as it is. Malformed input becomes U+FFFD, as in the JDK's readers.
     *
     * <p>A line may take 65,536 bytes, its ending counted in.
     *
     * @return the line, or null at the end of the stream; {@link FrameTooLongException} if it is too long
     */
    CompletableFuture<@Nullable String> readLine();

    /**
     * Reads a line as {@link #readLine} does, where the protocol says that there is one: the end of the stream before its
     * first byte is a failure too.
     *
     * @return the line, never null; {@link IncompleteReadException} at the end of the stream,
     *     {@link FrameTooLongException} if it is too long
     */
    CompletableFuture<String> expectLine();

    /**
     * Reads to the end of the stream.
     *
     * @param limit the most bytes to read, at least 1
     * @return a fresh buffer, empty if nothing came; {@link FrameTooLongException} if there are more than {@code limit}
     * @throws IllegalArgumentException if {@code limit} is less than 1
     */
    CompletableFuture<ByteBuffer> readAll(int limit);

    /**
     * Reads a message. Completes with what the decoder makes of the bytes, or with null if the stream ends before the
     * first byte of a message.
     *
     * <p><b>Concurrency.</b> The decoder runs on the calling thread for the bytes that are there and on an I/O thread
     * for those that come later, never on two threads at once, and never under a lock.
     *
     * <p><b>Cancellation.</b> Lossless, while the decoder runs too: what it has made is then dropped and its bytes stay.
     *
     * @param <T> the type of a message
     * @param decoder a pure function from bytes to a message
     * @return the message, or null; {@link FrameTooLongException} if {@link Decoder#limit} bytes are not enough,
     *     {@link IncompleteReadException} if the stream ends within a message, and whatever the decoder throws. In each
     *     case the bytes stay readable.
     * @throws IllegalArgumentException if the decoder's limit is less than 1
     */
    <T> CompletableFuture<@Nullable T> readMessage(Decoder<? extends T> decoder);

    /**
     * Moves everything up to the end of the stream to {@code sink}, which stays open. One buffer's worth is on the way at
     * a time: the next read waits for the write before it.
     *
     * <p><b>Concurrency.</b> It is a read of this reader until it is done.
     *
     * <p><b>Cancellation.</b> Lossless: what was taken from this reader reaches the sink, the rest stays readable. In a
     * socket of this library those bytes have their place before anything that is written after the cancel.
     *
     * <p><b>Timeouts.</b> {@code readTimeout} counts while a read waits, the sink's {@code writeTimeout} while a write does.
     *
     * <p><b>Failures.</b> What the sink has refused stays readable, and this reader open. Of a socket of this library that is what its
     * kernel has not taken by then, unless the sink is aborted, or times out, while a write of these bytes waits for room.
     *
     * @param sink where the bytes go; may be this connection itself
     * @return the number of bytes moved; whatever ends the reading or the writing
     */
    CompletableFuture<Long> transferTo(AsyncWriter sink);

    /**
     * Moves {@code count} bytes, or as many as there are up to the end of the stream, to a channel such as a file. What arrives
     * is handed over as it comes, 64 KiB at a time; nothing else is read meanwhile.
     *
     * <p><b>Concurrency.</b> It is a read of this reader until it is done. The channel is written to, and {@code progress} is
     * called, on a thread that is there for such channels, never on an I/O thread and never twice at once; either may wait.
     * {@code progress} gets how many bytes the channel has taken in all, more each time. A channel that takes nothing, one that
     * does not block for instance, is asked again after 10 ms.
     *
     * <p><b>Cancellation.</b> Lossless: each byte is in the channel or can still be read. A call of the channel that is under way
     * is not interrupted; it takes what it takes, and the next read begins behind that: when that read is done the channel is
     * not used any more. The socket's end does not wait for such a call.
     *
     * <p><b>Timeouts.</b> {@code readTimeout} counts while bytes are waited for, not while the channel is. Lossless too.
     *
     * <p><b>Failures.</b> What the channel or {@code progress} throws is the cause of the failure. What the channel has not taken
     * stays readable, and the socket stays open.
     *
     * @param sink where the bytes go; a file gets them at its position. Neither closed nor forced
     * @param count the most bytes to move; {@link Long#MAX_VALUE} for all up to the end of the stream
     * @param progress told of what has been moved
     * @return the number of bytes moved, {@code count} unless the stream ended before; with a {@code count} of 0 at once
     * @throws IllegalArgumentException if {@code count} is negative
     */
    CompletableFuture<Long> transferTo(WritableByteChannel sink, long count, LongConsumer progress);

    /**
     * Waits until a read would not have to: the watch that a pool keeps on its idle connections. Takes nothing. Like any
     * read it reads ahead no more than the largest read so far, so on a connection that has never been read it is one byte
     * that the next read finds first.
     *
     * <p><b>Concurrency.</b> Any number may wait, beside a read too; each call returns a future of its own. If a read is
     * pending it is served first, and this future waits for a byte that it left.
     *
     * <p><b>Cancellation.</b> Touches nothing else. <b>Timeouts.</b> {@code readTimeout} does not count here.
     *
     * @return true if a byte is there; false at the end of the stream, after a reset and on a closed socket. Never fails.
     */
    CompletableFuture<Boolean> readable();

    /**
     * The number of bytes that were read ahead and not yet taken.
     *
     * @return a snapshot, 0 or more
     */
    int buffered();

    /**
     * Ends reading from this side: reads give what is there, then the end of the stream, so loops end in their normal
     * way. The peer is told nothing. Idempotent; a pending read ends too.
     */
    void shutdownInput();
}

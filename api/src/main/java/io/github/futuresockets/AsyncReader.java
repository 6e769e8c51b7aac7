package io.github.futuresockets;

import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.FrameTooLongException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The reading side of a connection.
 *
 * <p>All methods share one buffer that the connection owns, so all methods can be mixed. The following rules apply to
 * every read of this interface.
 *
 * <p><b>Concurrency.</b> Any thread may issue a read. At most one read is pending. A second read fails with
 * {@link java.nio.channels.ReadPendingException}, with the pending read in its message.
 *
 * <p><b>Cancellation.</b> Lossless. A cancelled read takes no byte, and the next read receives the bytes instead.
 *
 * <p><b>Timeouts.</b> If no byte arrives for {@link AsyncSocket#readTimeout}, the pending read fails with
 * {@link java.net.SocketTimeoutException}. {@code orTimeout} limits the whole read. Both are lossless.
 *
 * <p><b>Failures.</b> After {@code close()}, reads fail with {@link java.nio.channels.ClosedChannelException}. A read
 * that was pending at the close fails with {@link java.nio.channels.AsynchronousCloseException}. After an error of the
 * connection, such as a reset, reads first give all received bytes and then fail with an {@code IOException}.
 */
public interface AsyncReader {

    /**
     * Reads the available bytes into {@code dst}, at most as many as {@code dst} has room for. Completes with the
     * number of bytes, at least 1, or with -1 at the end of the stream.
     *
     * <p><b>Buffers.</b> {@code dst} is lent until the future is done. Afterwards its position is after the bytes. If
     * the read fails or is withdrawn, {@code dst} is unchanged.
     *
     * @param dst the destination of the bytes
     * @return the number of bytes, or -1
     * @throws IllegalArgumentException if {@code dst} is read-only or full
     */
    CompletableFuture<Integer> read(ByteBuffer dst);

    /**
     * Reads the available bytes into several buffers, at most as many as the buffers have room for. A buffer gets bytes
     * when all buffers before it are full. Completes with the number of bytes, at least 1, or with -1 at the end of the
     * stream.
     *
     * <p><b>Buffers.</b> All buffers are lent until the future is done. Afterwards the position of each buffer is after
     * its bytes. If the read fails or is withdrawn, all buffers are unchanged.
     *
     * @param first the destination of the first bytes
     * @param more the destinations of the bytes after {@code first}, in order; the array is copied
     * @return the number of bytes in all buffers together, or -1
     * @throws IllegalArgumentException if a buffer is read-only, or if all buffers are full
     */
    CompletableFuture<Integer> read(ByteBuffer first, ByteBuffer... more);

    /**
     * Reads the available bytes into {@code dst}, at least {@code n} and at most as many as {@code dst} has room for.
     * Fewer than {@code n} bytes stay readable.
     *
     * <p><b>Buffers.</b> {@code dst} is lent until the future is done, and written only when {@code n} bytes have
     * arrived. Afterwards its position is after the bytes. If the read fails or is withdrawn, {@code dst} is unchanged.
     *
     * @param dst the destination of the bytes
     * @param n the minimum number of bytes, at least 1
     * @return the number of bytes, from {@code n} to the room of {@code dst}. Fails with
     *     {@link IncompleteReadException} if the stream ends before {@code n} bytes, even before the first byte
     * @throws IllegalArgumentException if {@code dst} is read-only, or if {@code n} is less than 1 or more than the
     *     room of {@code dst}
     */
    CompletableFuture<Integer> readAtLeast(ByteBuffer dst, int n);

    /**
     * Reads the available bytes, at most {@code max}. Completes with a buffer of 1 to {@code max} bytes, or with null
     * at the end of the stream.
     *
     * <p><b>Buffers.</b> Memory is allocated when the bytes have arrived. So a large {@code max} costs no memory while
     * the peer is silent.
     *
     * @param max the maximum number of bytes, at least 1
     * @return a new buffer, or null
     * @throws IllegalArgumentException if {@code max} is less than 1
     */
    CompletableFuture<@Nullable ByteBuffer> readSome(int max);

    /**
     * Fills {@code dst}. Completes when {@code dst} has no room left, and at once if {@code dst} is full already.
     *
     * <p><b>Buffers.</b> {@code dst} is lent until the future is done, and written only when all its bytes have
     * arrived. If the read fails or is withdrawn, {@code dst} is unchanged and the received bytes stay readable.
     *
     * @param dst the buffer to fill
     * @return done when {@code dst} is full. Fails with {@link IncompleteReadException} if the stream ends before
     * @throws IllegalArgumentException if {@code dst} is read-only
     */
    CompletableFuture<Void> readFully(ByteBuffer dst);

    /**
     * Reads exactly {@code length} bytes.
     *
     * <p><b>Buffers.</b> Memory grows with the bytes that arrive. So a {@code length} taken from the wire cannot
     * exhaust the memory before the peer has sent as many bytes. A length of 0 gives an empty buffer at once, even at
     * the end of the stream.
     *
     * @param length the number of bytes, not negative
     * @return a new buffer of {@code length} bytes. Fails with {@link IncompleteReadException} if the stream ends
     *     before
     * @throws IllegalArgumentException if {@code length} is negative
     */
    CompletableFuture<ByteBuffer> readExactly(int length);

    /**
     * Copies the next {@code n} bytes and takes none of them. The next read, of any kind, begins with the same bytes.
     * {@link #buffered} counts these bytes. Use this method to choose a protocol or a decoder by the first bytes.
     * {@link AsyncSocket#startTls} refuses a connection with such bytes, because they arrived before the encryption.
     *
     * <p><b>Limits.</b> {@code n} is at most 65,536, because the bytes wait in the read buffer of the connection. After
     * 100 consecutive peeks at the same position of the stream, the next peek fails with
     * {@code IllegalStateException}, because a loop of peeks would never end. Messages that take no byte
     * ({@link #readMessage}) count as such peeks.
     *
     * @param n the number of bytes, from 0 to 65,536. With 0, the result is an empty buffer at once, even at the end of
     *     the stream
     * @return a new buffer of {@code n} bytes. Fails with {@link IncompleteReadException} if the stream ends before
     * @throws IllegalArgumentException if {@code n} is negative or more than 65,536
     */
    CompletableFuture<ByteBuffer> peek(int n);

    /**
     * Reads up to and including the next {@code delimiter}, and fails at the end of the stream, even before the first
     * byte. {@link #readUntilOrNull} gives null before the first byte. Each byte is examined once, in any partition of
     * the bytes.
     *
     * @param delimiter the bytes that end the message, at least one byte; copied
     * @param limit the maximum number of bytes to read, including the delimiter
     * @return a new buffer that ends with the delimiter. Fails with {@link FrameTooLongException} if the first
     *     {@code limit} bytes do not contain the delimiter, and with {@link IncompleteReadException} if the stream ends
     *     before
     * @throws IllegalArgumentException if {@code delimiter} is empty or {@code limit} is less than its length
     */
    CompletableFuture<ByteBuffer> readUntil(byte[] delimiter, int limit);

    /**
     * Reads up to and including the next {@code delimiter} as {@link #readUntil} does, but gives null if the stream
     * ends before the first byte. So a loop over messages ends in its normal way.
     *
     * @param delimiter the bytes that end the message, at least one byte; copied
     * @param limit the maximum number of bytes to read, including the delimiter
     * @return a new buffer that ends with the delimiter, or null. Fails with {@link FrameTooLongException} if the first
     *     {@code limit} bytes do not contain the delimiter, and with {@link IncompleteReadException} if the stream ends
     *     after the first byte and before the delimiter
     * @throws IllegalArgumentException if {@code delimiter} is empty or {@code limit} is less than its length
     */
    CompletableFuture<@Nullable ByteBuffer> readUntilOrNull(byte[] delimiter, int limit);

    /**
     * Drops all bytes up to and including the next {@code delimiter}, in bounded memory for any number of bytes.
     * Completes with the number of dropped bytes, including the delimiter. Use this method to skip a message that was
     * too long. Each byte is examined once.
     *
     * <p><b>Cancellation.</b> Dropped bytes are gone. Bytes that may be the beginning of a delimiter are not dropped,
     * so another {@code discardUntil} continues at the same place. Time-outs have the same effect.
     *
     * @param delimiter the bytes to find, at least one byte; copied
     * @return the number of dropped bytes. Fails with {@link IncompleteReadException}, with no bytes inside, if the
     *     stream ends before. If the end of the stream or an error of the connection ends the read, all received bytes
     *     are dropped
     * @throws IllegalArgumentException if {@code delimiter} is empty
     */
    CompletableFuture<Long> discardUntil(byte[] delimiter);

    /**
     * Reads a line of UTF-8 that ends with LF or CRLF. The result has no line ending. A CR elsewhere is data. If the
     * last line has no LF, the line is returned as received. Malformed input becomes U+FFFD, as in the JDK's readers.
     *
     * <p>A line may have 65,536 bytes, including its ending.
     *
     * @return the line, or null at the end of the stream. Fails with {@link FrameTooLongException} if the line is too
     *     long
     */
    CompletableFuture<@Nullable String> readLine();

    /**
     * Reads a line as {@link #readLine} does, but fails at the end of the stream. Use this method if the protocol
     * requires a line.
     *
     * @return the line, never null. Fails with {@link IncompleteReadException} at the end of the stream, and with
     *     {@link FrameTooLongException} if the line is too long
     */
    CompletableFuture<String> expectLine();

    /**
     * Reads to the end of the stream.
     *
     * @param limit the maximum number of bytes to read, at least 1
     * @return a new buffer, empty if no byte arrived. Fails with {@link FrameTooLongException} if there are more than
     *     {@code limit} bytes
     * @throws IllegalArgumentException if {@code limit} is less than 1
     */
    CompletableFuture<ByteBuffer> readAll(int limit);

    /**
     * Reads a message. Completes with the message of the decoder, or with null if the stream ends before the first byte
     * of a message.
     *
     * <p><b>Concurrency.</b> The decoder runs on the calling thread for available bytes, and on an I/O thread for later
     * bytes. The decoder never runs on two threads at once for this read, and never under a lock.
     *
     * <p><b>Cancellation.</b> Lossless, also while the decoder runs. The result of the decoder is then dropped and its
     * bytes stay readable.
     *
     * @param <T> the type of a message
     * @param decoder a pure function from bytes to a message
     * @return the message, or null. Fails with {@link FrameTooLongException} if {@link Decoder#limit} bytes are not
     *     enough, with {@link IncompleteReadException} if the stream ends within a message, and with each exception of
     *     the decoder (contract, clause 15). After each failure the bytes stay readable
     * @throws IllegalArgumentException if the decoder's limit is less than 1
     */
    <T> CompletableFuture<@Nullable T> readMessage(Decoder<? extends T> decoder);

    /**
     * Reads a message as {@link #readMessage} does, but fails at the end of the stream. Use this method if the protocol
     * requires a message.
     *
     * @param <T> the type of a message
     * @param decoder a pure function from bytes to a message
     * @return the message, never null. Fails with {@link IncompleteReadException} at the end of the stream, and
     *     otherwise as {@link #readMessage}
     * @throws IllegalArgumentException if the decoder's limit is less than 1
     */
    <T> CompletableFuture<T> expectMessage(Decoder<? extends T> decoder);

    /**
     * Moves all bytes up to the end of the stream to {@code sink}, which stays open. At most one buffer is in progress,
     * and the next read waits for the previous write.
     *
     * <p><b>Concurrency.</b> The transfer is a read of this reader until the future is done.
     *
     * <p><b>Cancellation.</b> Lossless. Bytes taken from this reader reach the sink, and all other bytes stay readable.
     * If the sink is a socket of this library, the taken bytes precede any write issued after the cancel.
     *
     * <p><b>Timeouts.</b> {@code readTimeout} applies while a read waits. The sink's {@code writeTimeout} applies while
     * a write waits.
     *
     * <p><b>Failures.</b> Bytes refused by the sink stay readable, and this reader stays open. For a socket of this
     * library, the refused bytes are the bytes not yet taken by its kernel. Exception: if the sink is aborted or times
     * out while a write of these bytes waits for room, these bytes may be lost.
     *
     * @param sink the destination of the bytes; may be this connection itself
     * @return the number of bytes moved. Fails with the failure of the reading or of the writing
     */
    CompletableFuture<Long> transferTo(AsyncWriter sink);

    /**
     * Moves {@code count} bytes to a channel such as a file, or fewer bytes if the stream ends before. Arriving bytes
     * are moved at once, up to 64 KiB at a time. No other bytes are read meanwhile.
     *
     * <p><b>Concurrency.</b> The transfer is a read of this reader until the future is done. The calls of the channel
     * and of {@code progress} run one at a time, on a separate thread for such channels, never on an I/O thread. Both
     * may block. {@code progress} receives the total number of bytes taken by the channel so far, and this number grows
     * with each call. If the channel takes no byte, for instance a non-blocking channel, the next attempt follows after
     * 10 ms.
     *
     * <p><b>Cancellation.</b> Lossless. Each byte is either in the channel or still readable. A call of the channel in
     * progress is not interrupted and may still take bytes, and the next read begins after these bytes. Once this next
     * read is done, the channel is no longer used. The end of the socket does not wait for such a call.
     *
     * <p><b>Timeouts.</b> {@code readTimeout} applies while the transfer waits for bytes, not while the channel blocks.
     * Lossless too.
     *
     * <p><b>Failures.</b> An exception of the channel or of {@code progress} is the cause of the failure. Bytes not
     * taken by the channel stay readable, and the socket stays open.
     *
     * @param sink the destination of the bytes, a file at its position; neither closed nor forced
     * @param count the maximum number of bytes to move; {@link Long#MAX_VALUE}: all up to the end of the stream
     * @param progress receives the total number of bytes moved so far
     * @return the number of bytes moved, {@code count} unless the stream ended before. Completes at once if
     *     {@code count} is 0
     * @throws IllegalArgumentException if {@code count} is negative
     */
    CompletableFuture<Long> transferTo(WritableByteChannel sink, long count, LongConsumer progress);

    /**
     * Waits until a read would complete without waiting, and takes no byte. A pool can use this method to observe its
     * idle connections. As for any read, the prefetch is no larger than the largest read so far. On a connection
     * without a previous read the prefetch is one byte, and the next read receives this byte first.
     *
     * <p><b>Concurrency.</b> Any number of calls may wait, also during a read. Each call returns a separate future. If
     * a read is pending, the read is served first, and this future waits for remaining bytes.
     *
     * <p><b>Cancellation.</b> Ends only this future. <b>Timeouts.</b> {@code readTimeout} does not apply.
     *
     * @return true if a byte is available; false at the end of the stream, after a reset and on a closed socket. Never
     *     fails because of the connection
     */
    CompletableFuture<Boolean> readable();

    /**
     * Returns the number of bytes that were prefetched and not yet taken by a read.
     *
     * @return a snapshot, 0 or more
     */
    int buffered();

    /**
     * Ends the input of this side. Reads give the available bytes and then the end of the stream, so loops end in their
     * normal way. Sends nothing to the peer. Idempotent. A pending read ends too.
     */
    void shutdownInput();
}

/**
 * The operations that a user can request from a connection: reads, messages and transfers. A plain write is a
 * {@link io.github.futuresockets.impl.connection.Write}, and has no class here.
 *
 * <p>Where to find the code for a question:
 * <ul>
 *   <li>How does {@code read}, {@code readSome}, {@code readExactly}, {@code readFully}, {@code readUntil},
 *       {@code readUntilOrNull}, {@code readLine}, {@code expectLine} or {@code readAll} take its result? {@link Reads}.
 *   <li>How are bytes shown and not taken? {@link Peek}. How does a read with a minimum take its result?
 *       {@link ReadAtLeast}. How are several buffers filled? {@link Scatter}.
 *   <li>How is a decoder called? {@code DecodingRead}. For a single message? {@link MessageRead}. For all messages that
 *       have arrived? {@link BatchRead}. For message after message, without a future each? {@link MessageFeed}.
 *   <li>How is an encoder called? {@code Encoding}, for {@link MessageChannel} and for {@link ReplyBatch}, which gathers
 *       the replies of a turn.
 *   <li>How are bytes skipped? {@link Discard}.
 *   <li>How do bytes move to another socket without a copy? {@link SocketTransfer}.
 *   <li>How do bytes move to a channel? {@link ChannelReadTransfer}. From a channel or a file?
 *       {@link ChannelWriteTransfer}. On {@code loop}, {@code trySend} of
 *       {@link io.github.futuresockets.loop.ReadinessChannel} sends a file by the system call sendfile.
 * </ul>
 *
 * <p>The package depends on {@code connection}, {@code transport}, {@code common}, and the packages of the API, of which
 * {@code compose} names the failures of codecs and runs the steps of a feed one at a time.
 *
 * <p><b>Threads.</b> Reads without user code run under the lock of the read state. Decoders and transfers run without a
 * lock, on the thread to which the read state has returned {@code DECODE}. Channels are read and written on file
 * threads. A foreign sink completes a write on any thread.
 *
 * <p><b>Turns.</b> A {@link MessageFeed} calls its sink on the loop while the thread decodes, or in the user's executor.
 * A {@link ReplyBatch} gathers only on the thread of the turn.
 *
 * <p><b>Locks.</b> The package has no locks of its own. {@link SocketTransfer} takes the read state of its connection,
 * and then the write state of the sink. A thread passes the fields of a transfer to the next thread by a
 * compare-and-set of the transfer's state, or by a task.
 *
 * <p><b>Buffers.</b> Read operations use the read buffer of the connection. A result is a fresh heap buffer, or the
 * read buffer itself if the buffer contains exactly the result. {@link SocketTransfer} owns the detached buffer until
 * the sink is done. {@link ChannelWriteTransfer} owns a pooled buffer while the buffer is filled, and then the write
 * state.
 */
@NullMarked
package io.github.futuresockets.impl.operation;

import org.jspecify.annotations.NullMarked;

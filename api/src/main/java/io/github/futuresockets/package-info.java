/**
 * TCP sockets with operations that return a {@link java.util.concurrent.CompletableFuture}, and the contract of these
 * operations.
 *
 * <p>The main types:
 *
 * <ul>
 *   <li>{@link io.github.futuresockets.AsyncSockets} connects, listens and owns the I/O threads.
 *   <li>{@link io.github.futuresockets.AsyncSocket} is one end of a connection, with an
 *       {@link io.github.futuresockets.AsyncReader} side and an {@link io.github.futuresockets.AsyncWriter} side.
 *   <li>{@link io.github.futuresockets.AsyncServerSocket} accepts and serves connections.
 *   <li>{@link io.github.futuresockets.MessageSocket} and {@link io.github.futuresockets.Requests} exchange messages.
 *   <li>{@link io.github.futuresockets.AsyncLoop}, {@link io.github.futuresockets.AsyncScope} and
 *       {@link io.github.futuresockets.Deadline} compose futures.
 *   <li>{@link io.github.futuresockets.AsyncRelay} joins two sockets. {@link io.github.futuresockets.AsyncFlow} adapts
 *       sockets to reactive streams.
 *   <li>{@link io.github.futuresockets.TlsOptions} configures encryption.
 *   <li>{@link io.github.futuresockets.AsyncSocketPair} and {@link io.github.futuresockets.MemoryNetwork} serve tests
 *       without a kernel.
 * </ul>
 *
 * <p>The contract below applies to every method of these types. The javadoc of a method adds only its own rules. Sizes
 * and counts are in bytes, unless stated otherwise. A limit that is reached never ends a connection abruptly, unless
 * the description of the limit says so.
 *
 * <h2>The contract</h2>
 *
 * <ol>
 *   <li><b>Failures arrive in the future.</b> A method that returns a future throws only for a null or illegal
 *       argument. Every other failure completes the future, including an {@code Error} such as
 *       {@code OutOfMemoryError}. The failure is bare: {@code handle}, {@code whenComplete} and {@code exceptionally}
 *       see the {@code IOException} itself, never a {@code CompletionException} around the {@code IOException}. This
 *       holds for the operation's future and for every derived future. {@code join} and {@code get} wrap the failure,
 *       as {@code CompletableFuture} specifies.
 *   <li><b>All or nothing.</b> A write succeeds only with every byte. {@code readExactly}, {@code readFully} and the
 *       reads of a message give the whole result or fail. Only {@code read}, {@code readSome} and {@code readAtLeast}
 *       are partial, and {@code readAtLeast} gives its minimum or fails. No write needs a flush by the caller.
 *   <li><b>The end of the stream</b> is a value if the result type has a value for the end: -1 or null. Otherwise the
 *       read fails with an {@link io.github.futuresockets.IncompleteReadException} that carries the bytes received so
 *       far. For {@code readAll} and {@code transferTo} the end of the stream is success. The end of the stream is
 *       permanent, and the write side stays open. After a failed or withdrawn read, the received bytes stay readable
 *       and the caller's buffer is unchanged.
 *   <li><b>The connection owns the read buffer.</b> All read methods share this buffer and can be mixed. Bytes read
 *       past the end of a message are kept for the next read. Memory grows as bytes arrive, never by a length that the
 *       peer announced. If a message exceeds its limit, the read fails with
 *       {@link io.github.futuresockets.codec.FrameTooLongException}, the bytes stay readable and the socket stays open.
 *   <li><b>Cancellation and time-outs lose nothing.</b> The rules for a read are:
 *       <ul>
 *         <li>On the read's own future, {@code cancel}, {@code complete}, {@code completeExceptionally} and a time-out
 *             either win or lose. If the call wins, the read takes no byte, and the next read may begin as soon as the
 *             call returns. If the call loses, the call returns false, because the result is being delivered.
 *         <li>On a derived future, these calls withdraw the read if the read is pending and nothing else waits for the
 *             read. Waiters are other live derived futures, and threads in {@code get} or {@code join}.
 *         <li>A delivered result belongs to the read's own future. If a derived future is cancelled after the delivery,
 *             this derived future drops the result.
 *         <li>A cancel of {@code copy()} or {@code minimalCompletionStage()} never reaches the read.
 *         <li>A cancel never passes through stages of other classes, nor through {@code allOf} and {@code anyOf}.
 *             {@link io.github.futuresockets.AsyncScope#all} and {@link io.github.futuresockets.AsyncScope#race} do
 *             cancel their stages.
 *       </ul>
 *       The same rules hold for connect, accept, {@code readable}, {@code writable}, loops, {@code forEach}, {@code handle},
 *       {@code answer}, requests and subscriptions. {@code receiveMany} takes a whole batch or nothing.
 *   <li><b>A write that has begun is never torn.</b> If a write is cancelled before its first byte was sent, the write
 *       leaves the queue and its buffer is unchanged. If a write is cancelled later, its future fails and the
 *       cancelling call copies the remaining bytes. The copy is then sent at the place of the write in the queue. A
 *       cancellation aborts the socket instead in three cases:
 *       <ul>
 *         <li>More than {@code writeQueueLimit} bytes remain.
 *         <li>The memory for the copy is missing.
 *         <li>The write is a {@code transferFrom}. Its remaining bytes are still in the source.
 *       </ul>
 *   <li><b>Buffers are lent.</b> A {@code ByteBuffer} with its position and limit belongs to one operation from the
 *       call until the future completes, in any way. Afterwards the library never touches the buffer. To send the same
 *       content to many sockets, {@code duplicate()} the buffer. A {@code byte[]} may be lent to many writes at once.
 *       If the caller changes the position or the limit too early, the operation fails with a message about the change:
 *       <ul>
 *         <li>A read fails with an {@code IllegalStateException}, and its bytes stay readable.
 *         <li>A write fails by clause 16.
 *       </ul>
 *       After a successful write, the source is at its limit. Results are new heap buffers that belong to the caller.
 *       They are big-endian and at position 0, and {@code array()} is exactly the content.
 *   <li><b>Order and concurrency.</b> Any number of threads may write. Writes are queued first in, first out, gathered
 *       into few system calls and never interleaved. If a callback of a read writes while further input is present,
 *       these writes are coalesced. They are sent when the callback returns, or earlier if the callback waits for such
 *       a write. While a read is pending, a second read fails with {@link java.nio.channels.ReadPendingException}. A
 *       second accept or serve fails with {@link java.nio.channels.AcceptPendingException}. One read, any number of
 *       writes and a close may run at once.
 *   <li><b>Back-pressure.</b> The future of a write is the signal. {@code writable()} serves callers that do not wait
 *       for each write. {@code writable()} completes while fewer than 64 KiB wait in the queue. After the queue has
 *       reached 64 KiB, {@code writable()} completes at 32 KiB. An empty queue accepts a write of any size. If a write
 *       would exceed {@code writeQueueLimit}, or if too many writes are queued, the write fails at once and, by clause
 *       16, ends the connection. Reading is pull. Bytes stay in the kernel until a read asks for them, except for one
 *       prefetch buffer per connection. This buffer is never larger than the largest read so far. Over TLS, records
 *       that are not decrypted yet may wait beside this buffer.
 *   <li><b>Threads.</b> The thread that finishes an operation completes the future: an I/O thread, the caller if the
 *       operation completes at once, or the canceller. Dependents run on this thread, never under a lock.
 *       <ul>
 *         <li>Time-outs of a connection run on the I/O thread of the connection. Other time-outs, such as the time-outs
 *             of a connect or of a shutdown, run on threads of their own. So a time-out never waits for a callback that
 *             blocks a different I/O thread.
 *         <li>With an {@code executor}, each completion after the return of the call is a separate task of this
 *             executor, and the task may block. If the executor refuses a completion, the completion runs on the thread
 *             that finishes the operation. If an {@code ExecutorService} drops a completion on shutdown, the completion
 *             runs on an I/O thread, at the latest when the connection closes.
 *         <li>On an I/O thread of the same {@code AsyncSockets}, {@code join} and {@code get} of a pending future of
 *             this library throw {@code IllegalStateException}, because the wait would never end. {@code AsyncLoop} and
 *             {@code AsyncScope} throw too, from the moment at which they wait for such a future.
 *         <li>Stages of other classes do not throw. {@code CompletableFuture.allOf(..).join()} on an I/O thread waits
 *             for ever. Use {@link io.github.futuresockets.AsyncScope#all} instead.
 *         <li>A callback that throws ends only its own future. A callback that holds an I/O thread for more than a
 *             second is logged once, with its stack.
 *         <li>Separate threads read and write files and other channels, look up names and check certificates. A task
 *             that hangs there delays no other task. While 4,096 tasks hang, the next task fails.
 *       </ul>
 *   <li><b>Stack and memory.</b> A million operations that complete at once use constant stack and constant memory in
 *       {@link io.github.futuresockets.AsyncLoop}, {@code serve}, {@code transferTo}, {@code handle}, {@code answer},
 *       {@code requests} and {@link io.github.futuresockets.AsyncFlow}. Recursion through {@code thenCompose} never overflows the stack.
 *       After 32 consecutive operations that were complete on return, a connection returns the next operation pending
 *       and completes this operation from the I/O thread. {@code readable()} and {@code writable()} count as such
 *       operations.
 *   <li><b>Connecting.</b> Names are resolved off the I/O threads. A connect tries every address of a name (RFC 8305),
 *       with alternating address families. The next attempt begins after 250 ms, or as soon as the previous attempt has
 *       failed. With a fixed local port, the addresses are tried in sequence. The first connection wins, and the others
 *       are closed. A connect fails with
 *       <ul>
 *         <li>{@code UnknownHostException} if the name does not resolve,
 *         <li>{@code SocketTimeoutException} if {@code connectTimeout} expires,
 *         <li>{@code ClosedChannelException} if the sockets are closed,
 *         <li>{@code SSLException} if a TLS handshake fails,
 *         <li>{@code ConnectException} otherwise.
 *       </ul>
 *       Each exception names the peer. A time-out or a refusal has the failures of the single addresses as suppressed
 *       exceptions. A connect or accept that is cancelled or late leaks no socket.
 *   <li><b>Serving.</b> The stage of a handler ends only the handler's connection: by {@code close()} if the stage
 *       succeeds, by {@code abort()} and {@code onError} if the stage fails. A shutdown takes these steps, in this
 *       order:
 *       <ul>
 *         <li>The shutdown closes the listener.
 *         <li>The shutdown completes {@code stopping()}.
 *         <li>The shutdown ends the input of each accepted socket at the next message boundary. Over TLS, a part of a
 *             record counts as a message that has begun.
 *         <li>The shutdown waits for the connections to end.
 *         <li>The shutdown aborts the connections that are still open.
 *       </ul>
 *       If a listener cannot accept for want of descriptors or memory, the listener waits and tries again. The wait is
 *       5 ms and doubles up to 1 s. The end of a connection also causes a new try. So the listener neither spins nor
 *       dies, for {@code accept} and {@code serve} alike.
 *   <li><b>Closing.</b> {@code close}, {@code abort} and half-close are three different operations. Each is idempotent
 *       and may be called from any thread. After {@code close()}:
 *       <ul>
 *         <li>New operations fail with {@link java.nio.channels.ClosedChannelException}, and {@code isOpen()} is false.
 *         <li>A pending read fails with {@link java.nio.channels.AsynchronousCloseException}.
 *         <li>The write queue drains, then the FIN is sent. Over TLS, a close_notify precedes the FIN.
 *         <li>Further bytes of the peer are read and dropped until the end of the stream. Because the kernel would
 *             answer unread bytes with a reset, an immediate close could destroy bytes already sent (RFC 1122,
 *             4.2.2.13; RFC 9293, 3.6.1).
 *       </ul>
 *       If no byte is passed to the kernel for {@code closeTimeout}, the close ends with an abort. Each byte passed
 *       restarts {@code closeTimeout}, up to twelve times {@code closeTimeout} in total. If the kernel already has
 *       every byte and the end of the stream at the time-out, the socket is released and no reset is sent. The kernel
 *       then goes on sending to the peer. Once {@code closed()} is done, nothing of the socket is left in this library:
 *       no timer, no descriptor, no pending future. Completions that an {@code executor} keeps back delay {@code
 *       closed()} by at most {@code closeTimeout}, or 5 seconds if {@code closeTimeout} is off.
 *   <li><b>Errors.</b> Exceptions have the JDK's own types where these fit. This library defines a type only for an
 *       exception that carries data. Messages name the operation, the peer and the number of bytes. If a decoder or an
 *       encoder throws a {@code ProtocolException} or {@code FrameTooLongException}, an exception of the same type
 *       carries these details, caused by the exception of the codec. Any other exception of a codec stays the same
 *       object. A suppressed exception then carries these details, unless suppression is disabled. If a codec throws
 *       the same object again, no further suppressed exception is added. An {@code Error} stays unchanged.
 *       <ul>
 *         <li>{@code readTimeout} fails the read without a loss, and the socket stays open.
 *         <li>{@code writeTimeout} fails all waiting writes and aborts the socket.
 *         <li>{@code idleTimeout} aborts the socket.
 *         <li>If an operation fails because the connection has ended, the cause is the reason of that end.
 *         <li>A failure of any type ends only the operation or the connection to which the failure belongs. Examples
 *             are an {@code Error} for want of memory or threads, and an exception of foreign code.
 *         <li> If memory or a thread is missing for one operation, only this operation fails, with this failure.
 *             Examples are the time-out of a read, the run of a decoder and the thread of a connect.
 *         <li> If memory or a thread is missing for a connection, the connection ends. Examples are memory for its
 *             bytes, a TLS engine and the time-out of its writes. Operations then fail with an {@code IOException}
 *             caused by this failure.
 *       </ul>
 *   <li><b>A write that fails ends the connection</b>, unless the caller cancelled the write. Such failures are an I/O
 *       error, a time-out, the queue limit, an encoder that throws, and a buffer that was changed too early. Reads
 *       first give all received bytes. Then reads fail with a {@code ClosedChannelException} that has the failure of
 *       the write as its cause. {@code closed()} reports this failure too. So
 *       {@code socket.write(request); return socket.readLine();} is correct, and never hangs for a lost request. If the
 *       socket was already closed or half-closed, the write is refused and only this write fails.
 * </ol>
 *
 * <h2>Implementation notes</h2>
 *
 * <p>This package depends on the packages {@code codec} (messages), {@code compose} (loops and joins over stages),
 * {@code future} (the futures of operations) and {@code spi} (providers, which implement the interfaces of this
 * package). Threads: the static methods run on the threads of their callers and on the threads that complete the
 * stages. Locks: the monitor of a {@code Deadline} and the class monitor of {@code SharedSockets}. Neither is taken
 * under another lock of this package. A provider owns the buffers of its connections, and clause 7 governs the buffers
 * of callers.
 */
@NullMarked
package io.github.futuresockets;

import org.jspecify.annotations.NullMarked;

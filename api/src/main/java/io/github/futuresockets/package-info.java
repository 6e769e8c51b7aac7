/**
 * TCP sockets whose every operation returns a {@link java.util.concurrent.CompletableFuture}.
 *
 * <p>{@link io.github.futuresockets.AsyncSockets} connects and listens, {@link io.github.futuresockets.AsyncSocket} is
 * one end of a conversation, {@link io.github.futuresockets.AsyncServerSocket} produces sockets. What follows is the
 * contract of all of them; the paragraphs of each method say only what is special to it. The unit is the byte
 * everywhere; a limit, once reached, is never an abrupt end of the conversation unless its description says so.
 *
 * <h2>The contract</h2>
 *
 * <ol>
 *   <li><b>Failures arrive in the future.</b> A method that returns a future throws only for a null or illegal
 *       argument. Everything else completes the future, an {@code Error} such as {@code OutOfMemoryError} included, and
 *       bare: {@code handle}, {@code whenComplete} and
 *       {@code exceptionally} of the operation's future and of every future derived from it see the
 *       {@code IOException} itself, never a {@code CompletionException} around it. {@code join} and {@code get} wrap,
 *       as {@code CompletableFuture} promises.
 *   <li><b>All or nothing.</b> A write means every byte; {@code readExactly}, {@code readFully} and a message mean all
 *       of it or an exception. Only {@code read} and {@code readSome} are partial. Nothing waits for a flush.
 *   <li><b>The end of the stream</b> is a value where the result type has one (-1 or null), and otherwise an
 *       {@link io.github.futuresockets.IncompleteReadException} that carries what came. It is sticky and it does not
 *       close the write side. After a failed or withdrawn read the bytes that came stay readable and the caller's
 *       buffer is as it was.
 *   <li><b>The connection owns the read buffer.</b> All ways of reading share it, so they can be mixed at will, and
 *       what was read past a message is kept for the next read. Memory grows as bytes arrive, never by a length that
 *       the peer announced. A message that passes its limit fails with
 *       {@link io.github.futuresockets.FrameTooLongException}; its bytes stay readable, the socket stays open.
 *   <li><b>Cancel and time-outs lose nothing.</b> On a read's own future, {@code cancel}, a time-out and
 *       {@code complete} or {@code completeExceptionally} either win, and then no byte is taken and the next read may
 *       be issued as soon as the call returns, or they return false, because the result is being delivered. On a
 *       derived future they withdraw the read while it is pending and nobody else waits for it: no other live derived
 *       future, no thread in {@code get} or {@code join}. A result that is there belongs to the read's own future; a
 *       derived future that is cancelled later drops it. {@code copy()} and {@code minimalCompletionStage()} are
 *       shields: cancelling them reaches nothing. So are stages that this library cannot see: {@code allOf},
 *       {@code anyOf} and stages made by other classes; {@link io.github.futuresockets.AsyncScope#all} and
 *       {@link io.github.futuresockets.AsyncScope#race} do reach what they wait for. The same holds for connect, accept,
 *       {@code readable}, {@code writable}, loops, {@code answer}, requests and subscriptions.
 *   <li><b>A write that has begun is never torn.</b> Cancelled before its first byte, it is removed from the queue and
 *       its buffer is unchanged. Cancelled later, what is left of it is copied within the cancelling call, its future
 *       fails, and the copy goes out in its turn; if more than {@code writeQueueLimit} is left, the socket is aborted
 *       instead. So it is when a {@code transferFrom} is cancelled that has begun: its rest is still in its source.
 *   <li><b>Buffers are lent.</b> A {@code ByteBuffer}, its position and its limit belong to one operation from the
 *       call until the future is done, in whatever way; from then on the library never touches it. To send one
 *       content to many sockets, {@code duplicate()} it; a {@code byte[]} may be lent to many writes at once. If the
 *       position or the limit is changed before, the operation fails and says so: a read with an
 *       {@code IllegalStateException}, and its bytes stay readable; a write by clause 16. After a
 *       successful write the source is at its limit. Results are fresh heap buffers of the caller's own: big-endian,
 *       at position 0, and {@code array()} is exactly the content.
 *   <li><b>Order and concurrency.</b> Writes may come from any number of threads; they are queued first in, first out,
 *       gathered into few system calls, and never interleaved. What a callback of a read writes while further input is at
 *       hand leaves together, when the callback is over, or as soon as somebody waits for it. A second read while one is pending fails with
 *       {@link java.nio.channels.ReadPendingException}, a second accept or serve with
 *       {@link java.nio.channels.AcceptPendingException}. One read, any number of writes and a close may run at once.
 *   <li><b>Back-pressure.</b> A write's future is the signal; {@code writable()} is there for those who do not want to
 *       wait for each: done while fewer than 64 KiB wait, and after that again at 32 KiB. An empty queue takes a write
 *       of any size; a write that would pass {@code writeQueueLimit} fails at once and, by clause 16, ends the
 *       conversation. Reading is pull: bytes that nobody asked for stay in the kernel, except for one buffer that is
 *       never larger than the largest read asked for so far; over TLS there may be records
 *       beside it that are not decrypted yet.
 *   <li><b>Threads.</b> A future is completed by the thread that finishes the operation: an I/O thread, the caller if
 *  *       it can be done at once, or the canceller. Dependents run there, never under a lock. The time-outs of a connection
 *       ring on the I/O thread of that connection; those that belong to no connection, of a connect or of a shutdown for
 *       instance, ring on threads of their own. So no time-out waits for a callback that holds another I/O thread. With an
 *       {@code executor}, each completion that comes after the call has returned is a task of its own there, so such a task
 *       may block.
 *       A completion that the executor refuses runs on the thread that finishes the operation. A completion that an
 *       {@code ExecutorService} drops when it is shut down runs on an I/O thread, at the latest when the connection closes.
 *       {@code join} and {@code get} of a future of this library that is not done would wait for ever on an I/O thread of
 *       the same {@code AsyncSockets}: there they throw {@code IllegalStateException}. So do {@code AsyncLoop} and
 *       {@code AsyncScope}, from the moment on at which they wait for such a future. Stages of other classes do not:
 *       {@code CompletableFuture.allOf(..).join()} on an I/O thread waits for ever, and
 *       {@link io.github.futuresockets.AsyncScope#all} is to be used instead. A callback that throws ends nothing but
 *       its own future. A callback that holds an I/O thread for more than a second is logged, once, with its stack. Files
 *       and other channels are read and written, names are looked up, and certificates are checked on threads that are
 *       there for that. Work that hangs there holds up no other work. While 4,096 tasks hang, the next one fails.
 *  *   <li><b>Stack and memory.</b> A million operations that complete at once use constant stack and constant memory in
 *       {@link io.github.futuresockets.AsyncLoop}, {@code serve}, {@code transferTo}, {@code answer}, {@code requests} and
 *       {@link io.github.futuresockets.AsyncFlow}, and recursion through {@code thenCompose} does not overflow: after 32
 *       operations in a row that were complete on return, a connection returns the next one pending and completes it from its I/O thread;
 *       {@code readable()} and {@code writable()} are such operations too.
 *   <li><b>Connecting.</b> Names resolve off the I/O threads, and every address is tried (RFC 8305): the families in turn,
 *       one address 250 ms after the other or as soon as that has failed; the first that answers wins and the others are
 *       closed. A connect fails with
 *       {@code UnknownHostException} if the name does not resolve, {@code SocketTimeoutException} if
 *       {@code connectTimeout} ends it, {@code ConnectException} otherwise; each names the peer, and the failures of
 *       the single addresses are suppressed exceptions of it. A connect or accept that is cancelled or late leaves no
 *       socket behind.
 *   <li><b>Serving.</b> The stage of a handler ends its connection and no other: by {@code close()} if it succeeds, by
 *       {@code abort()} and {@code onError} if it fails. A shutdown closes the listener, tells {@code stopping()}, ends the
 *       input of each accepted socket at its next message boundary, waits for the conversations, and aborts at last. Over
 *       TLS, part of a record is a message that has begun. A
 *       listener that cannot accept for want of descriptors or memory waits 5 ms, doubling to 1 s,
 *       and tries again, also when a connection ends: it neither spins nor dies, for {@code accept} and {@code serve} alike.
 *   <li><b>Closing.</b> {@code close}, {@code abort} and half-close are three things, idempotent, from any thread.
 *       After {@code close()} new operations fail with {@link java.nio.channels.ClosedChannelException}, a pending read
 *       fails with {@link java.nio.channels.AsynchronousCloseException}, and {@code isOpen()} is false; the queued
 *       writes go out, then the FIN, over TLS behind a close_notify, then what the peer still sends is read and dropped
 *       until its end, because closing at once would answer it with a reset that may destroy what was just sent (RFC 1122,
 *       4.2.2.13; RFC 9293, 3.6.1).
 *  *       A close that stands still for {@code closeTimeout} ends: by an abort, or, if the kernel has got every byte and the end
 *       behind them, by a release without a reset, and the kernel goes on sending. Bytes of ours that leave put that off, to twelve
 *       times {@code closeTimeout} at most. Once {@code closed()} is done nothing of the socket is
 *       left in this library: no timer, no descriptor, no pending future. Only completions that an {@code executor} keeps
 *       back are awaited no longer than {@code closeTimeout} (5 seconds if that is off).
 *   <li><b>Errors.</b> The JDK's own types where they fit, a type of this package only where it carries data. Messages
 *       say which operation, which peer and how many bytes; beside an exception of a decoder's or encoder's own, which stays
 *       as it is, a suppressed one says so. {@code readTimeout} fails the read, losslessly, and the
 *       socket stays open; {@code writeTimeout} fails all waiting writes and aborts the socket; {@code idleTimeout} aborts it.
 *  *       What fails because the connection has ended has the reason of that end as its cause.
 *  *       A failure of any type, an {@code Error} for want of memory or threads or one of foreign code, ends what it belongs to
 *       and nothing else. If one operation needs what is missing (the time-out of a read, a decoder, the thread of a connect),
 *       that operation fails with it. If the connection does (memory for its bytes, a TLS engine, the time-out of its
 *       writes), the connection ends, and the failure is the cause of the {@code IOException} that its operations get.
 *  *   <li><b>A write that fails ends the conversation</b> unless its caller cancelled it: an I/O error, a time-out, the
 *       queue limit, an encoder that throws, a buffer that was changed too early. Reads first give what has arrived and then fail with a
 *       {@code ClosedChannelException} that it caused, and {@code closed()} tells it. So
 *       {@code socket.write(request); return socket.readLine();} is correct and never hangs for a lost request.
 *       A write refused because the socket was already closed or half-closed fails alone.
 * </ol>
 */
@NullMarked
package io.github.futuresockets;

import org.jspecify.annotations.NullMarked;

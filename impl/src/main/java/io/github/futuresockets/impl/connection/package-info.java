/**
 * The core: a connection, its read side, its write side, and its end.
 *
 * <p>Where to find the code for a question:
 * <ul>
 *   <li>Which parts does a connection have? {@link Connection}. How do both sides end together? {@code ConnectionEnd}.
 *   <li>What delays {@code closed()}? {@code Release}, which counts the holds in a {@code HoldCount}.
 *   <li>How many operations in a row may complete in the calling thread (32)? {@code InlineBudget}.
 *   <li>How is a socket found that was collected without a close? {@link LeakDetector}, by a {@code SocketReference}.
 *   <li>Where are the connections of an engine? {@link ConnectionList}.
 *   <li>Where is a read claimed? {@code ReadState.advance}, or {@code ReadState.decode} if the read runs user code.
 *   <li>Where do arrived bytes wait for a read? {@code ReadBuffer}. Where is a {@code Step} carried out?
 *       {@link ReadSide}, which reads from the transport.
 *   <li>How does the input end, and what is still read after a failed write? {@link EndOfInput}.
 *   <li>How are bytes passed to the encrypted socket of {@code startTls}, the successor? {@code
 *       ReadState.upgrade}.
 *   <li>What is sent, in which order? {@code WriteQueue}. Which thread sends, and how is a write withdrawn by a cancel,
 *       also after its first byte was sent? {@link WriteState}. {@link Write} copies its rest. Where is a write sent?
 *       {@link WriteSide}.
 *   <li>How does a write wait for a file? {@link OffloadedWrite}. How does a transfer between sockets pass on the buffer
 *       of a read? {@link ForwardingWrite}. Where are the replies of a turn gathered? {@link Batch}. Which write releases
 *       a pooled buffer? {@link PooledWrite}. How does the output end? {@code ShutdownWrite}, or the {@link Barrier} of
 *       an upgrade.
 *   <li>Where are the waiters of {@code readable}, {@code writable} and {@code closed} kept? {@link Waiters}.
 *   <li>Where are the time-outs? {@code StallTimer} times the reads and writes of a side and the idle connection of
 *       {@link Connection}. {@link IdlePair} is the idle time-out of a relay, {@code CloseDeadline} that of a close.
 *   <li>Which threads complete futures? {@link CompletionContext}. The engine is seen as {@link ConnectionHost}.
 * </ul>
 *
 * <p>The package depends on {@code transport}, {@code common}, {@code observe}, and the packages of the API.
 *
 * <p><b>Threads.</b> An operation starts in the thread of its caller, and often completes there. Outcomes and time-outs
 * of a connection arrive on its loop. A step of a transfer to or from a channel runs on a file thread. The watchdog
 * thread closes connections whose sockets were garbage-collected ({@link LeakDetector}). With a user's executor,
 * later completions are tasks of the executor.
 *
 * <p><b>Locks</b>, in their order. No future is completed and no code of a user runs under a lock. The register of the
 * engine, which guards the {@link ConnectionList}, comes first, when its statistics are read. The {@code HoldCount} has
 * no lock.
 * <ol>
 *   <li>The monitor of {@link ReadState} guards the pending read, the read buffer and the {@link EndOfInput}.
 *   <li>The monitor of {@link WriteState} guards the queue, the fields of its writes, the barrier and the flush. A
 *       thread may take this monitor while holding the {@link ReadState} of the same connection, for statistics, or of
 *       another connection, for a transfer.
 *   <li>The shared part of a {@code BufferPool} comes after {@link ReadState} and {@link WriteState}. The monitor of
 *       {@code ConnectionEnd} comes after {@link ReadState}, for the reason of the end and for failures, and after
 *       {@link WriteState}, for an upgrade.
 *   <li>The monitor of {@code ConnectionEnd} guards its phase, reason and {@code OwnFailures}. {@code CloseDeadline} (its
 *       alarm) comes after. The monitor of {@code Release} guards the alarm and the waiters of the end. {@link Waiters}
 *       (the set of futures) comes after. The monitors of {@link Connection} and of a side guard the creation of their
 *       timers and waiters. {@code StallTimer} (its alarm) comes after. The monitor of {@link Batch} guards the number of
 *       its writes, and no other lock is taken inside. The locks of the clock are the last.
 * </ol>
 *
 * <p><b>Buffers.</b> A pooled buffer belongs to the transport during a read, then to the read buffer, and to a transfer
 * after {@code detach}. The buffer of a flush belongs to the {@link WriteState}. A caller's buffer belongs to its
 * operation.
 */
@NullMarked
package io.github.futuresockets.impl.connection;

import org.jspecify.annotations.NullMarked;

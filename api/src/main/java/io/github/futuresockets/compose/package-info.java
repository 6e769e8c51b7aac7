/**
 * Loops, joins, scopes and flows over stages of any class. The package is exported to the implementation module alone,
 * and knows nothing of sockets. The public entry points are {@link io.github.futuresockets.AsyncLoop},
 * {@link io.github.futuresockets.AsyncScope} and {@link io.github.futuresockets.AsyncFlow}.
 *
 * <ul>
 *   <li>How does a loop run stage after stage in constant stack? {@link SequentialLoop}
 *   <li>How does a loop wait for a stage that others give? {@link StageLoop}
 *   <li>How are several stages run at once, and how does {@code all} end? {@link ConcurrentForEach}
 *   <li>How is a race decided? {@link FirstOf}
 *   <li>When is a resource closed? {@link UsingScope}
 *   <li>How do reads become a {@code Flow.Publisher}? {@link PullPublisher}, with {@link AdvancingDecoder} for
 *       messages.
 *   <li>How are the items of a publisher written? {@link SerialSubscriber}
 *   <li>How do several threads share work that a single thread at a time may do? {@link SerialDrain}
 *   <li>How do a cancel and the begin of the next stage meet? {@link CancelSlot}. {@link CallGate} for a cancel after
 *       which no stage may begin.
 *   <li>How does the failure of a decoder or an encoder name its operation? {@link CodecFailures}
 * </ul>
 *
 * <p><b>Dependencies.</b> {@code future}, for the class of all futures, and {@code codec}, for decoders and
 * failures of codecs.
 *
 * <p><b>Threads.</b> The package has no thread of its own. Each composition is driven by a single thread at a time,
 * such as the caller that begins, the thread that completes the awaited stage, or a canceller.
 *
 * <p><b>Locks.</b> Each composition guards its state by its own monitor, or by atomic updates. Each monitor is a leaf.
 * No code of the caller runs under a monitor. A canceller of a publisher waits at a {@link CallGate} while another
 * thread begins a read. Nothing else waits.
 *
 * <p><b>Buffers.</b> None. The operations own the buffers.
 */
@NullMarked
package io.github.futuresockets.compose;

import org.jspecify.annotations.NullMarked;

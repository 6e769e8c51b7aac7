/**
 * The views of a socket: messages, pipelined requests, replies in order, and streams of {@code java.io}. All but the
 * messages need only the public interface of a socket.
 *
 * <p>Where to find the code for a question:
 * <ul>
 *   <li>How do a decoder and an encoder make a message socket? {@link Messages}. How does a handler get message after
 *       message? {@code HandlerLoop}.
 *   <li>How is a request sent and a reply read? {@link RequestPipeline}, with a {@code Call} for each request and
 *       the {@code Calls} in their order.
 *   <li>Which reply belongs to which request? A {@code Pairing}, {@code RepliesInOrder} or {@code RepliesById} with its
 *       {@code PendingIds}.
 *   <li>Which thread completes a request, or calls the handler of a message? {@code Advance}, with the
 *       {@code Completions}.
 *   <li>When may a further request be made, and when is the conversation over? {@code Places} and {@code EndWatch}.
 *   <li>How do several handlers run while the replies stay in order? {@code ReplyPipeline}.
 *   <li>How does a thread block for a read or a write? {@link SocketInput} and {@link SocketOutput}.
 * </ul>
 *
 * <p>The package depends on {@code operation} and {@code connection}, for messages, and on the packages {@code codec},
 * {@code compose}, {@code future} and the root package of the API.
 *
 * <p><b>Threads.</b> The package has no thread of its own. Pipelines advance in the threads of callers, and in the
 * threads that complete reads, writes and stages of handlers. A single thread at a time is in the drain of a pipeline.
 * The drain of a {@code ReplyPipeline} calls handlers. The drain of a {@link RequestPipeline} calls no dependents. A
 * dependent of a call may block its thread. Then a task of the {@code IoContext}, or of the common pool, completes the
 * other calls. Streams block their callers.
 *
 * <p><b>Locks.</b> {@code Calls} is its own lock, and {@code Advance} has a lock for the list of its threads.
 * No other lock is taken, no future is completed and no user code runs under these locks. {@code ReplyPipeline} has no
 * lock, and uses atomic and volatile fields. A canceller of a {@code ReplyPipeline} waits for the call that begins a
 * read, if another thread is in the call.
 *
 * <p><b>Buffers.</b> The package owns no buffers of a pool. A {@code Call} keeps the encoded request until the request
 * is sent. Streams pass the caller's array to the socket for the duration of the call.
 */
@NullMarked
package io.github.futuresockets.impl.view;

import org.jspecify.annotations.NullMarked;

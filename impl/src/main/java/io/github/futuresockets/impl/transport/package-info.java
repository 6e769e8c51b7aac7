/**
 * The port between the core and a provider. The core uses these interfaces, and each provider implements them.
 *
 * <ul>
 *   <li>How are bytes read, written and closed? {@link Transport}. {@link DirectTransport} and {@link FileTransport}
 *       are optional abilities.
 *   <li>How are connections opened and accepted? {@link Network}
 *   <li>What is an I/O thread? {@link IoLoop}
 *   <li>Where do pooled buffers come from? {@link BufferPool}
 *   <li>Where are the options of a connect and of a listener? {@link ConnectSettings}, {@link ListenSettings}, and
 *       {@link Options} for socket options.
 * </ul>
 *
 * <p><b>Dependencies.</b> {@code common}, and the API with its contract.
 *
 * <p><b>Threads.</b> Callbacks of a transport run on the thread of its loop, unless a method states otherwise.
 * Any thread reads and writes, with a single reader and a single writer at a time.
 *
 * <p><b>Locks.</b> The locks of the shared stacks in {@code BufferPool}. Each is a leaf.
 *
 * <p><b>Buffers.</b> A pooled buffer belongs to the caller of {@code acquire} until {@code release}. A lent buffer
 * belongs to the caller of the operation, and a transport uses a lent buffer only within a call.
 */
@NullMarked
package io.github.futuresockets.impl.transport;

import org.jspecify.annotations.NullMarked;

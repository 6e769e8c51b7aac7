/**
 * A network within the JVM, without a kernel, in the time of the machine or in virtual time.
 *
 * <p>The files by question:
 * <ul>
 *   <li>Connect and listen: {@link MemoryFabric} connects, {@link MemoryListener} has the backlog, and
 *       {@link MemoryPorts} has the addresses and names.
 *   <li>Bytes and faults: {@link MemoryPipe} is one direction of a connection, and {@link MemoryChannel} is one end.
 *   <li>Threads: {@link MemoryLoop} runs tasks on the threads of its callers.
 *   <li>Time: {@link VirtualClock} stands still until a test advances the time.
 * </ul>
 *
 * <p><b>Dependencies.</b> The packages {@code transport} and {@code common}, {@code ReadinessTransport} of the package
 * {@code channel}, the readiness interfaces of the loop provider, and the API.
 *
 * <p><b>Threads.</b> There is no I/O thread. All code runs on the threads that call the sockets or advance the time. A
 * deep recursion continues on a thread of the JDK's pool for asynchronous stages.
 *
 * <p><b>Locks.</b> {@code MemoryListener}, its pending connects, {@code MemoryPipe}, {@code MemoryPorts}, {@code
 * MemoryLoop} and {@code VirtualClock} each have their own monitor. The only order is {@code MemoryPipe} before {@code
 * VirtualClock}, because a pipe reads the time under its lock. No callback runs under a lock.
 *
 * <p><b>Buffers.</b> A pipe owns the ring of its bytes in flight. Bytes are copied in and out, so the buffer of a
 * transfer stays with its owner.
 */
@NullMarked
package io.github.futuresockets.impl.memory;

import org.jspecify.annotations.NullMarked;

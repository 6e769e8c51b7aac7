/**
 * Tools for tests of all rooms.
 *
 * <ul>
 *   <li>Peers of a connection: {@link Peer} and {@link PeerServer}, over {@link PeerTransports} or {@link TlsWires}.
 *   <li>Waiting: {@link Await}, {@link Background}, {@link Stalled}.
 *   <li>Slow or failing channels: {@link SlowSource}, {@link SlowSink}, {@link StubbornFile}, {@link TestFiles}.
 *   <li>Unreachable addresses: {@link RefusedPort}, {@link SilentAddress}.
 *   <li>Keys and encryption: {@link TestCertificates}, {@link EncryptedSockets}.
 *   <li>Other processes: {@link Program} for Java, {@link Installed} for other programs.
 *   <li>Measures: {@link Allocation}, {@link Descriptors}, {@link Heap}, {@link LogRecorder}, {@link RecordingThreads}.
 *   <li>Memory that can be released: {@link ArenaMemory}.
 *   <li>Mutants, and interventions at points without a seam: {@link ChangedClasses}.
 *   <li>Random numbers and messages: {@link Seeds}, {@link TextLines}.
 * </ul>
 *
 * <p>Depends on the public API, and on the providers of the library. Peers run on test threads and on the daemon
 * threads of {@link Background}. The only locks are in {@code TlsPeerTransport} and {@link SlowSink}. No code takes
 * both. All buffers belong to the caller or to the garbage collector.
 */
@NullMarked
package io.github.futuresockets.impl.support;

import org.jspecify.annotations.NullMarked;

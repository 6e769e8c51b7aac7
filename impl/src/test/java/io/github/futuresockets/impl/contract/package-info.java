/**
 * The contract of the API as tests, to be passed by every provider. A test is named after its clause or its method, and
 * after the promised result. The clauses are numbered as in the package page of {@code io.github.futuresockets}.
 *
 * <p>The main types:
 *
 * <ul>
 *   <li>{@link SocketContract} lists all concerns as nested classes. A provider, with or without TLS, runs the contract
 *       by a small subclass, such as {@link LoopContractTest}.
 *   <li>{@link ContractTest} is the base class of all concerns: connections, skipped tests, and the check for leaks.
 *       Each concern is an abstract class, such as {@link CloseContract} or {@link TimeoutContract}.
 *   <li>{@link ReadMode} lists the ways to read a message, for tests over all of these ways.
 *   <li>{@link SharedSocketsTest} is outside the contract, and tests {@code AsyncSockets.shared()}.
 * </ul>
 *
 * <p>A new concern extends {@link ContractTest} and is added to {@link SocketContract}.
 *
 * <p><b>Dependencies.</b> The tests use the API and the helpers of {@code impl.support}. The provider {@code memory}
 * needs the peers of {@code impl.MemoryPeerTransports}. A builder chooses the provider by name.
 *
 * <p><b>Threads.</b> Each test runs on a JUnit thread. Only the JUnit thread sets the fields of {@link ContractTest}.
 * Callbacks run on the I/O threads of the test. Blocking peers run on the daemon threads of {@code Background}.
 *
 * <p><b>Locks.</b> No class here has a lock. Tests share data with callbacks by atomic variables, futures and
 * synchronized lists.
 *
 * <p><b>Buffers.</b> Each test owns its buffers, and lends a buffer to an operation until the future completes.
 */
@NullMarked
package io.github.futuresockets.impl.contract;

import org.jspecify.annotations.NullMarked;

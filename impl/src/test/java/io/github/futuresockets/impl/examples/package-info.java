/**
 * Example programs over the public API, and their tests. The README shows parts of the examples, and
 * {@code ReadmeTest} compares both.
 *
 * <ul>
 *   <li>{@link Echo}, {@link LineServer}, {@link Chat}, {@link Forwarder}, {@link ServerLifecycle} are servers.
 *   <li>{@link HttpGet}, {@link Redis}, {@link Mqtt}, {@link Postgres}, {@link PortScanner}, {@link ConnectionPool} are clients.
 *   <li>{@link Memcached} is a server and a client.
 *   <li>{@link OneDeadline} sets a common deadline for several steps.
 *   <li>{@link RpcServer}, {@link Rpc}, {@link TypedMessages} exchange messages.
 *   <li>{@link HttpsHello}, {@link Mail} use TLS.
 *   <li>{@link FileUpload} is blocking code.
 *   <li>{@link ProtocolUnitTest} tests a protocol without a network.
 *   <li>{@link SevenPrograms} has counterparts of programs over asynchronous channels.
 *   <li>{@link ExampleSizesTest} limits the length of the examples.
 * </ul>
 *
 * <p>An example depends only on the public API. The tests also use the support package. Handlers run on the I/O
 * threads, except in {@link FileUpload}. Received buffers belong to the caller. The only locks are in
 * {@link SevenPrograms} and {@link Memcached}.
 */
package io.github.futuresockets.impl.examples;

/**
 * Tests of encrypted sockets, and of the classes that implement TLS.
 *
 * <ul>
 *   <li>{@link TlsTest} is the base class of tests over all providers.
 *   <li>{@link HandshakeTest}, {@link ServerNameTest}, {@link TaskErrorTest} test handshakes.
 *   <li>{@link StartTlsTest}, {@link StartTlsRacesTest} test the upgrade of a connection to TLS.
 *   <li>{@link ShutdownWithinRecordTest} tests shutdown after part of a record has arrived.
 *   <li>{@link RecordDecoderTest}, {@link RecordEncoderTest}, {@link HandshakeStepTest}, {@link TlsRealEngineTest},
 *       {@link TlsFuzzTest} test the reading half, the writing half and the handshake, without I/O.
 *   <li>{@link RecordWriterTest}, {@link HandshakeDriverTest}, {@link TlsTransportTest} test the parts with I/O, over a
 *       {@link ScriptedTransport} and its {@link ScriptedLoop}.
 *   <li>{@link RecordBufferTest}, {@link ClientHelloTest}, {@link TlsExecutorTest} test single classes.
 *   <li>{@link Middle}, {@link Proxy} are proxies between client and server.
 *   <li>{@link PlainEngine}, {@link SlowTrust} are substitutes for an engine and for a trust manager.
 * </ul>
 *
 * <p>The package depends on the implementation of TLS and on the support package of the tests. The package has no
 * locks. Tests without I/O run on the thread of JUnit, which owns all pooled buffers.
 */
package io.github.futuresockets.impl.tls;

/**
 * TLS as a transport over another transport, by means of a {@link javax.net.ssl.SSLEngine}.
 *
 * <p>The files by question:
 * <ul>
 *   <li>Reading: {@link io.github.futuresockets.impl.tls.TlsTransport} answers a read, {@link
 *       io.github.futuresockets.impl.tls.RecordDecoder} decrypts, and {@link
 *       io.github.futuresockets.impl.tls.RecordBuffer} holds the records that have arrived.
 *   <li>Writing, close_notify and alerts: {@link io.github.futuresockets.impl.tls.RecordWriter} orders and sends, and
 *       {@link io.github.futuresockets.impl.tls.RecordEncoder} encrypts.
 *   <li>Handshake: {@link io.github.futuresockets.impl.tls.HandshakeDriver} moves its bytes, and {@link
 *       io.github.futuresockets.impl.tls.HandshakeStep} decides the next step and has the limits.
 *   <li>Engines: {@link io.github.futuresockets.impl.tls.TlsEngines} makes them from the user's options. A server that
 *       chooses by name uses {@link io.github.futuresockets.impl.tls.SniEngine} and {@link
 *       io.github.futuresockets.impl.tls.ClientHello}.
 *   <li>Keys and certificates: {@link io.github.futuresockets.impl.tls.TlsExecutor} has the threads for such slow
 *       tasks.
 * </ul>
 *
 * <p><b>Dependencies.</b> The packages {@code transport} and {@code common}, and {@code TlsSettings} and {@code
 * TlsSession} of the API. The package {@code engine} opens TLS connections, sets the time-out of a handshake, and ends
 * connections.
 *
 * <p><b>Threads.</b> The handshake runs on the loop's thread. After the handshake, one read and one write may run at
 * the same time, on any two threads. The tasks of an engine run on the threads of {@code TlsExecutor}, unless the
 * loop's thread may block.
 *
 * <p><b>Locks.</b> The monitor of {@code RecordWriter} is the only lock. No other lock is taken under it, and neither
 * an engine nor a transport is called under it.
 *
 * <p><b>Buffers.</b> Pooled buffers come from the {@code BufferPool} of the loop. {@code RecordBuffer} owns the records
 * that have arrived, {@code RecordDecoder} owns the plaintext until a read takes it, and {@code RecordEncoder} owns the
 * records to send. {@link io.github.futuresockets.impl.tls.TlsTransport#released} gives back the buffers of both halves.
 */
@NullMarked
package io.github.futuresockets.impl.tls;

import org.jspecify.annotations.NullMarked;

/**
 * Tests of TLS between the library and installed programs, in the versions of Debian. The programs are OpenSSL, socat
 * and nginx. A test is skipped if its program is not installed.
 *
 * <ul>
 *   <li>{@link InteropTest} is the base class, with certificates, sockets and programs.
 *   <li>{@link OpenSslClientTest}, {@link OpenSslServerTest} run OpenSSL as client and as server.
 *   <li>{@link NginxTest} runs nginx as server.
 *   <li>{@link SocatTest} tests half-close in both directions.
 *   <li>{@link EncryptedSource} is a server of the library in a separate JVM.
 * </ul>
 *
 * <p>The package depends on the public API and on the support package of the tests. Each test runs on the thread of
 * JUnit and two I/O threads. The package has no locks and no shared buffers.
 */
@NullMarked
package io.github.futuresockets.impl.interop;

import org.jspecify.annotations.NullMarked;

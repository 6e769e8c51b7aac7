/** TLS with programs that are not ours, as Debian has them: OpenSSL, socat, nginx. */
@NullMarked
package io.github.futuresockets.impl.interop;

import org.jspecify.annotations.NullMarked;

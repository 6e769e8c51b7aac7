package io.github.futuresockets;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a relay between two sockets.
 *
 * @param forward the number of bytes read from the first socket and written to the second
 * @param backward the number of bytes read from the second socket and written to the first
 * @param failure the first failure, as reported by {@link AsyncSocket#closed} of the failed socket. Null if both
 *     directions reached the end of the stream.
 */
public record RelayReport(
        long forward, long backward, @Nullable IOException failure) {}

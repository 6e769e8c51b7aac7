package io.github.futuresockets;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a relay has moved, and how it has ended.
 *
 * @param forward how many bytes were read from the first socket and written to the second
 * @param backward how many bytes were read from the second socket and written to the first
 * @param failure what has ended it first, as {@link AsyncSocket#closed} of that socket tells; null if both directions came to their end
 */
public record RelayReport(
        long forward, long backward, @Nullable IOException failure) {}

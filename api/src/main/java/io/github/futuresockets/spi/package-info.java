/**
 * The interface between the API and its implementations, for implementors only.
 *
 * <ul>
 *   <li>{@link io.github.futuresockets.spi.SocketProvider}: an implementation of the API. The builder of
 *       {@link io.github.futuresockets.AsyncSockets} finds the providers by {@link java.util.ServiceLoader} and selects
 *       a provider by name or rank.
 *   <li>{@link io.github.futuresockets.spi.Settings}: the settings that the builder passes to the provider.
 *   <li>{@link io.github.futuresockets.spi.TlsSettings}: the values of {@link io.github.futuresockets.TlsOptions}.
 *   <li>{@link io.github.futuresockets.spi.PairedIdle}: the idle time-out that the two sockets of a relay share.
 * </ul>
 *
 * <p><b>Dependencies.</b> The package depends on {@link io.github.futuresockets} only.
 *
 * <p><b>Threads and locks.</b> The thread that builds the sockets calls the provider. The records are immutable. The
 * package has no lock and no buffer.
 */
@NullMarked
package io.github.futuresockets.spi;

import org.jspecify.annotations.NullMarked;

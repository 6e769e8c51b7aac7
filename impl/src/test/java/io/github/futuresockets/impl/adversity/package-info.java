/**
 * Tests against bad peers, hostile input, exhausted resources and typical bugs of programs.
 *
 * <p>The tests by topic:
 * <ul>
 *   <li>Framing and hostile messages: {@link io.github.futuresockets.impl.adversity.EndWithinFrameTest},
 *       {@link io.github.futuresockets.impl.adversity.OneByteAtATimeTest},
 *       {@link io.github.futuresockets.impl.adversity.HostileMessagesTest}. {@code Frame} lists the framings.
 *   <li>Slow and stopped peers: {@link io.github.futuresockets.impl.adversity.PeerThatNeverReadsTest},
 *       {@link io.github.futuresockets.impl.adversity.StoppedPeerTest}.
 *   <li>Closes and leaks: {@link io.github.futuresockets.impl.adversity.AfterCloseTest},
 *       {@link io.github.futuresockets.impl.adversity.WhatHasArrivedTest},
 *       {@link io.github.futuresockets.impl.adversity.LeavesNothingTest},
 *       {@link io.github.futuresockets.impl.adversity.DroppedSocketsTest}.
 *   <li>Bugs of programs and few descriptors: {@link io.github.futuresockets.impl.adversity.BrokenProgramsTest}.
 *   <li>TLS: the tests named {@code Tls...}, and {@link io.github.futuresockets.impl.adversity.KeyUpdatesTest}.
 *       {@code TlsAttacker} is a client that controls each record.
 * </ul>
 *
 * <p>{@link io.github.futuresockets.impl.adversity.AdversityBase} checks after each test that no thread and no
 * descriptor is left. {@link io.github.futuresockets.impl.adversity.AdversityOverLoopTest} repeats the tests with the
 * provider {@code loop}. Classes with a {@code main} method run in a JVM of their own.
 *
 * <p>The package depends on the test packages {@code stress} and {@code support}, and on
 * {@link io.github.futuresockets.impl.TestAccess}. The code runs in the test thread, in the I/O threads of the sockets
 * under test, and in background threads. The package has no locks. Each test owns its buffers.
 */
package io.github.futuresockets.impl.adversity;

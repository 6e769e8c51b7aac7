/**
 * Tests of races and of load: cancels and closes at the worst moment, many writers, and long runs.
 *
 * <p>The tests by topic:
 * <ul>
 *   <li>Cancelled reads: {@link io.github.futuresockets.impl.stress.LosslessCancelTest} with {@code CancelRounds} and
 *       {@code Ending}, and {@link io.github.futuresockets.impl.stress.LosslessEndTest}.
 *   <li>Cancelled accepts and connects: {@link io.github.futuresockets.impl.stress.LosslessAcceptTest}.
 *   <li>Writes: {@link io.github.futuresockets.impl.stress.CancelledWriteTest},
 *       {@link io.github.futuresockets.impl.stress.ManyWritersTest},
 *       {@link io.github.futuresockets.impl.stress.TransferRacesTest}.
 *   <li>Messages: {@link io.github.futuresockets.impl.stress.LosslessMessagesTest} with {@code MessageRounds},
 *       {@link io.github.futuresockets.impl.stress.SendAllRaceTest},
 *       {@link io.github.futuresockets.impl.stress.MessageEndsTest},
 *       {@link io.github.futuresockets.impl.stress.HandleEchoTest}.
 *   <li>Neighbours and slow peers of a handler: {@link io.github.futuresockets.impl.stress.QuietNeighbourTest},
 *       {@link io.github.futuresockets.impl.stress.SlowReaderTest}.
 *   <li>Requests and answers: {@link io.github.futuresockets.impl.stress.RequestsRaceTest},
 *       {@link io.github.futuresockets.impl.stress.AnswersRaceTest}.
 *   <li>Lost events: {@link io.github.futuresockets.impl.stress.PingPongTest},
 *       {@link io.github.futuresockets.impl.stress.StalledLoopTest}.
 *   <li>Closes under load: {@link io.github.futuresockets.impl.stress.CloseUnderLoadTest}.
 *   <li>Results of reads: {@link io.github.futuresockets.impl.stress.DifferentialTest}. {@code ReadModel} and
 *       {@code Expected} compute the expected outcome of a read.
 * </ul>
 *
 * <p>{@link io.github.futuresockets.impl.stress.StressOverLoopTest} repeats the tests with the provider {@code loop}.
 * A test with the parameter {@code Medium} runs over each provider, and over TLS.
 * Long runs have the tag {@code stress}, and the system property {@code futuresockets.stress.scale} multiplies their
 * length.
 *
 * <p>The package depends on the test package {@code support}. Some tests change methods of the packages
 * {@code connection}, {@code operation} and {@code view} in a copy of the library. The code runs in the test thread, in
 * the I/O threads of the sockets under test, and in the threads of {@link io.github.futuresockets.impl.stress.Parallel}
 * and of background tasks. Only {@code ScriptedSink} and {@code YieldsItsPlace} have a lock, and no thread holds both
 * locks. Each test owns its buffers.
 */
package io.github.futuresockets.impl.stress;

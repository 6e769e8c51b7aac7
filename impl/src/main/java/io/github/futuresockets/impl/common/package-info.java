/**
 * The ground floor of the implementation: threads, clocks, failures, and small helpers without state of a connection.
 *
 * <ul>
 *   <li>Which threads run look-ups, files and certificates, and when does a further thread start?
 *       {@link BlockingThreads}, with {@link FileThreads} for channels of the user.
 *   <li>How is a thread made? {@link Threads}
 *   <li>What time does an engine use, and which thread runs a time-out? {@link Clock} and {@link SystemClock}, with
 *       {@link SpareThreads} for tasks that may block.
 *   <li>Where are time, memory and threads replaced for tests? {@link Supplies}
 *   <li>How does a completion reach the executor of the user? {@link Completions}
 *   <li>Where do the exceptions and their messages come from? {@link Errors}, {@link OwnFailures},
 *       {@link TruncatedStreamException}
 *   <li>How are literals recognized and addresses ordered? {@link Addresses}
 *   <li>How is the end of a line found? {@link Delimiter}
 *   <li>How are arguments checked, and where is the logger? {@link Checks}, {@link Log}
 * </ul>
 *
 * <p><b>Dependencies.</b> No other package of the implementation. {@code Errors} uses exceptions and enums of the API.
 *
 * <p><b>Threads.</b> {@code SystemClock} has the timer's thread and the threads for its tasks, {@code BlockingThreads}
 * the threads for work that may block. Any thread may call into this package.
 *
 * <p><b>Locks.</b> The monitors of {@code BlockingThreads}, {@code SpareThreads} and {@code OwnFailures}. None is taken
 * under another, except that {@code SpareThreads} calls the timer under its monitor.
 *
 * <p><b>Buffers.</b> None are kept. A buffer in a call stays the property of the caller.
 */
@NullMarked
package io.github.futuresockets.impl.common;

import org.jspecify.annotations.NullMarked;

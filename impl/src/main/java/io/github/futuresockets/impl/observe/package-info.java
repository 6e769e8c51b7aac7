/**
 * Events for the flight recorder of the JDK.
 *
 * <ul>
 *   <li>How are events reported, and how is a recorder found? {@link Recorder}
 *   <li>Where are the events and their thresholds? {@link FlightRecording}
 *   <li>What does an operation report? {@link Recorded}
 * </ul>
 *
 * <p><b>Dependencies.</b> The API alone, and the module {@code jdk.jfr} if present.
 *
 * <p><b>Threads.</b> The package has no thread of its own. An event is reported by the thread that starts or ends the
 * operation.
 *
 * <p><b>Locks and buffers.</b> None.
 */
@NullMarked
package io.github.futuresockets.impl.observe;

import org.jspecify.annotations.NullMarked;

/**
 * The demonstration: many conversations with an echo server at the same time, with every byte verified.
 *
 * <p>{@link DemoRun} starts the conversations, and reports failures and hangs. {@link LineConversation} and
 * {@link BinaryConversation} are the kinds of {@link Conversation}. {@link DemoScore} counts messages.
 * {@link DemoProgress} shows the progress.
 *
 * <p>The package depends on the library and on {@code bench.common}. The thread that calls {@link DemoRun} prints and
 * checks for hangs. I/O threads run the conversations. There are no locks. All binary messages share read-only bytes.
 */
@NullMarked
package io.github.futuresockets.bench.demo;

import org.jspecify.annotations.NullMarked;

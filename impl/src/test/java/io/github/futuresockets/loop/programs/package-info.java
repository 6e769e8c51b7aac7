/** Programs written for NIO.2, unchanged, on our provider; the same on the JDK's provider as control. */
@NullMarked
package io.github.futuresockets.loop.programs;

import org.jspecify.annotations.NullMarked;

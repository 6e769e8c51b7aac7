/** Tests of the provider with unchanged programs for NIO.2. The JDK's provider is the control. */
@NullMarked
package io.github.futuresockets.loop.programs;

import org.jspecify.annotations.NullMarked;

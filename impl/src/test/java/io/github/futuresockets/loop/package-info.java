/** The provider alone, against what NIO.2 specifies. */
@NullMarked
package io.github.futuresockets.loop;

import org.jspecify.annotations.NullMarked;

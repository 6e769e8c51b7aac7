/** Tests of the channel provider against the specification of NIO.2, without the sockets of the library. */
@NullMarked
package io.github.futuresockets.loop;

import org.jspecify.annotations.NullMarked;

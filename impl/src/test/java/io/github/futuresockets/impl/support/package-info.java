/** What the tests share: the other end of a conversation, waiting for an event, counting what is left. */
@NullMarked
package io.github.futuresockets.impl.support;

import org.jspecify.annotations.NullMarked;

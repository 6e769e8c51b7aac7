package io.github.futuresockets.loop;

/**
 * What a socket channel of this provider can do beyond NIO.2. It is used either by readiness or by the reads and writes of
 * NIO.2.
 */
public interface EventLoopChannel extends ReadinessChannel {
    /**
     * The loop of this channel.
     *
     * @return always the same
     */
    EventLoop loop();
}

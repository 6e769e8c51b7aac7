package io.github.futuresockets.impl.adversity;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.support.Program;
import io.github.futuresockets.loop.LoopChannelProvider;
import org.junit.jupiter.api.Test;

/** Tests the provider nio2 in a JVM with the channels of the library as default asynchronous channels. */
class DefaultProviderTest {

    @Test
    void nio2_overOurChannels_converses() throws Exception {
        String said = new Program(EchoOverDefault.class)
                .options("-Djava.nio.channels.spi.AsynchronousChannelProvider=" + LoopChannelProvider.class.getName())
                .run();
        assertTrue(said.contains("channels are LoopSocketChannel"), said);
        assertTrue(said.contains("conversation 3"), said);
        assertTrue(said.contains("closed"), said);
    }
}

package io.github.futuresockets.loop;

import java.nio.channels.spi.AsynchronousChannelProvider;

/** The control: what is asked of our provider is what the JDK's does. */
class StockProviderTest extends ChannelSpecification {
    @Override
    AsynchronousChannelProvider provider() {
        return AsynchronousChannelProvider.provider();
    }
}

package io.github.futuresockets.impl.flow;

import io.github.futuresockets.AsyncFlow;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/** Verifies the subscriber of a socket against the rules for subscribers. */
@Test
public class SubscriberTckTest extends FlowSubscriberBlackboxVerification<ByteBuffer> {
    private Conversations conversations;

    public SubscriberTckTest() {
        super(new TestEnvironment(500, 200));
    }

    @BeforeClass
    public void open() {
        conversations = new Conversations("loop");
    }

    @AfterClass(alwaysRun = true)
    public void close() {
        conversations.close();
    }

    @Override
    public Flow.Subscriber<ByteBuffer> createFlowSubscriber() {
        return AsyncFlow.subscriber(conversations.receiving());
    }

    @Override
    public ByteBuffer createElement(int element) {
        return ByteBuffer.wrap(new byte[] {(byte) element});
    }
}

package io.github.futuresockets.impl.flow;

import io.github.futuresockets.AsyncFlow;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/** Verifies the publisher of received bytes against the rules for publishers. */
@Test
public class ByteBufferPublisherTckTest extends FlowPublisherVerification<ByteBuffer> {
    private Conversations conversations;

    public ByteBufferPublisherTckTest() {
        super(new TestEnvironment(500, 200), 1_000);
    }

    String provider() {
        return "loop";
    }

    @BeforeClass
    public void open() {
        conversations = new Conversations(provider());
    }

    @AfterClass(alwaysRun = true)
    public void close() {
        conversations.close();
    }

    @Override
    public Flow.Publisher<ByteBuffer> createFlowPublisher(long elements) {
        return AsyncFlow.publisher(conversations.sending(elements), 1);
    }

    /** Returns a publisher with a subscriber. Each further subscriber is refused. */
    @Override
    public Flow.Publisher<ByteBuffer> createFailedFlowPublisher() {
        Flow.Publisher<ByteBuffer> taken = createFlowPublisher(1);
        taken.subscribe(AsyncFlow.subscriber(conversations.receiving()));
        return taken;
    }
}

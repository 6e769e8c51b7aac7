package io.github.futuresockets.impl.flow;

import io.github.futuresockets.AsyncFlow;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/** Verifies the publisher of received messages against the rules for publishers, over channels of the JDK. */
@Test
public class MessagePublisherTckTest extends FlowPublisherVerification<Byte> {
    private Conversations conversations;

    public MessagePublisherTckTest() {
        super(new TestEnvironment(500, 200), 1_000);
    }

    @BeforeClass
    public void open() {
        conversations = new Conversations("nio2");
    }

    @AfterClass(alwaysRun = true)
    public void close() {
        conversations.close();
    }

    @Override
    public Flow.Publisher<Byte> createFlowPublisher(long elements) {
        return AsyncFlow.publisher(conversations.sending(elements), Conversations.BYTES);
    }

    /** Returns a publisher with a subscriber. Each further subscriber is refused. */
    @Override
    public Flow.Publisher<Byte> createFailedFlowPublisher() {
        Flow.Publisher<Byte> taken = createFlowPublisher(1);
        taken.subscribe(AsyncFlow.subscriber(conversations.receiving(), Conversations.BYTES));
        return taken;
    }
}

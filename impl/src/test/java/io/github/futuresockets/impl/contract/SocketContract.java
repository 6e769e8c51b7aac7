package io.github.futuresockets.impl.contract;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.PeerTransports;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The whole contract for a provider. A subclass chooses the provider in {@link #builder}. */
@ExtendWith(SocketContract.Injection.class)
abstract class SocketContract {

    /** Returns a new builder of the provider under test. */
    abstract AsyncSockets.Builder builder();

    /** Returns a free address for listeners of the library and of the peers. */
    SocketAddress address() {
        return new InetSocketAddress("127.0.0.1", 0);
    }

    /** Returns the transports of the peers. Without a kernel, a provider has no I/O threads and no descriptors. */
    PeerTransports wires() {
        return PeerTransports.KERNEL;
    }

    /** Returns true if the peer sees an abort as a reset. Otherwise the peer sees an end of stream. */
    boolean resets() {
        return false;
    }

    @Nested
    class Failures extends FailuresContract {}

    @Nested
    class ReadModes extends ReadModesContract {}

    @Nested
    class EndOfStream extends EndOfStreamContract {}

    @Nested
    class ReadBuffer extends ReadBufferContract {}

    @Nested
    class Peek extends PeekContract {}

    @Nested
    class CallerBuffers extends CallerBuffersContract {}

    @Nested
    class LargeBuffers extends LargeBuffersContract {}

    @Nested
    class Line extends LineContract {}

    @Nested
    class Discard extends DiscardContract {}

    @Nested
    class Decoder extends DecoderContract {}

    @Nested
    class Readable extends ReadableContract {}

    @Nested
    class Transfer extends TransferContract {}

    @Nested
    class File extends FileContract {}

    @Nested
    class TransferRefused extends TransferRefusedContract {}

    @Nested
    class UnsizedFile extends UnsizedFileContract {}

    @Nested
    class FileEnd extends FileEndContract {}

    @Nested
    class FileSink extends FileSinkContract {}

    @Nested
    class CancelRead extends CancelReadContract {}

    @Nested
    class DerivedCancel extends DerivedCancelContract {}

    @Nested
    class CancelWrite extends CancelWriteContract {}

    @Nested
    class Buffers extends BuffersContract {}

    @Nested
    class Misuse extends MisuseContract {}

    @Nested
    class Order extends OrderContract {}

    @Nested
    class TogetherWritten extends TogetherContract {}

    @Nested
    class BackPressure extends BackPressureContract {}

    @Nested
    class Threads extends ThreadsContract {}

    @Nested
    class Executor extends ExecutorContract {}

    @Nested
    class Stack extends StackContract {}

    @Nested
    class Connect extends ConnectContract {}

    @Nested
    class RacingConnects extends RacingConnectsContract {}

    @Nested
    class HangingWork extends HangingWorkContract {}

    @Nested
    class BadInput extends BadInputContract {}

    @Nested
    class HandlerFailure extends HandlerFailureContract {}

    @Nested
    class Names extends NamesContract {}

    @Nested
    class Accept extends AcceptContract {}

    @Nested
    class Close extends CloseContract {}

    @Nested
    class Abort extends AbortContract {}

    @Nested
    class Ending extends EndingContract {}

    @Nested
    class HalfClose extends HalfCloseContract {}

    @Nested
    class SocketsClose extends SocketsCloseContract {}

    @Nested
    class Timeout extends TimeoutContract {}

    @Nested
    class Deadlines extends DeadlinesContract {}

    @Nested
    class WriteFailure extends WriteFailureContract {}

    @Nested
    class Serve extends ServeContract {}

    @Nested
    class Shutdown extends ShutdownContract {}

    @Nested
    class Relay extends RelayContract {}

    @Nested
    class Message extends MessageContract {}

    @Nested
    class Answer extends AnswerContract {}

    @Nested
    class Handle extends HandleContract {}

    @Nested
    class Batches extends BatchesContract {}

    @Nested
    class Requests extends RequestsContract {}

    @Nested
    class RequestsById extends RequestsByIdContract {}

    @Nested
    class Streams extends StreamsContract {}

    @Nested
    class Flow extends FlowContract {}

    @Nested
    class Options extends OptionsContract {}

    @Nested
    class Stats extends StatsContract {}

    /** Passes the enclosing {@code SocketContract} to {@link ContractTest#begin} before each test. */
    static final class Injection implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == SocketContract.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRequiredTestInstances()
                    .findInstance(SocketContract.class)
                    .orElseThrow();
        }
    }
}

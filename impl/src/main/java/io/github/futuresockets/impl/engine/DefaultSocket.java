package io.github.futuresockets.impl.engine;

import static io.github.futuresockets.impl.common.Checks.check;
import static io.github.futuresockets.impl.common.Checks.require;
import static io.github.futuresockets.impl.common.Checks.writableBuffer;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncWriter;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.MessageSocket;
import io.github.futuresockets.Requests;
import io.github.futuresockets.SocketStats;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.TlsSession;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.codec.LineEnding;
import io.github.futuresockets.compose.CodecFailures;
import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import io.github.futuresockets.impl.common.Clock;
import io.github.futuresockets.impl.common.Delimiter;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.connection.Connection;
import io.github.futuresockets.impl.connection.EndOfInput;
import io.github.futuresockets.impl.connection.IdlePair;
import io.github.futuresockets.impl.connection.ReadSide;
import io.github.futuresockets.impl.connection.SocketSink;
import io.github.futuresockets.impl.connection.Write;
import io.github.futuresockets.impl.connection.WriteSide;
import io.github.futuresockets.impl.operation.ChannelReadTransfer;
import io.github.futuresockets.impl.operation.ChannelWriteTransfer;
import io.github.futuresockets.impl.operation.Discard;
import io.github.futuresockets.impl.operation.MessageChannel;
import io.github.futuresockets.impl.operation.MessageRead;
import io.github.futuresockets.impl.operation.Peek;
import io.github.futuresockets.impl.operation.ReadAtLeast;
import io.github.futuresockets.impl.operation.Reads;
import io.github.futuresockets.impl.operation.Scatter;
import io.github.futuresockets.impl.operation.SocketTransfer;
import io.github.futuresockets.impl.transport.Transport;
import io.github.futuresockets.impl.view.Messages;
import io.github.futuresockets.impl.view.RequestPipeline;
import io.github.futuresockets.impl.view.SocketInput;
import io.github.futuresockets.impl.view.SocketOutput;
import io.github.futuresockets.spi.PairedIdle;
import io.github.futuresockets.spi.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The socket: the public interface of a {@link Connection}. Checks the arguments and calls the connection. */
public final class DefaultSocket implements AsyncSocket, PairedIdle, IoContext.Owner, SocketSink {
    private final Connection connection;

    /**
     * Makes a socket and registers its connection with the engine.
     *
     * @param from the listener that has accepted the connection, or null
     */
    public DefaultSocket(Engine engine, Transport transport, @Nullable DefaultServerSocket from) {
        this.connection = new Connection(this, engine, transport, from);
    }

    Connection connection() {
        return connection;
    }

    @Override
    public WriteSide writes() {
        return connection.writes();
    }

    private ReadSide reads() {
        return connection.reads();
    }

    @Override
    public CompletableFuture<Integer> read(ByteBuffer dst) {
        require(writableBuffer(dst).hasRemaining(), "dst has no room");
        return reads().start(new Reads.Into(reads(), dst));
    }

    @Override
    public CompletableFuture<Integer> read(ByteBuffer first, ByteBuffer... more) {
        ByteBuffer[] all = all(first, more);
        for (ByteBuffer each : all) {
            writableBuffer(each);
        }
        require(Scatter.room(all) > 0, "the buffers have no room");
        return reads().start(new Scatter(reads(), all));
    }

    @Override
    public CompletableFuture<Integer> readAtLeast(ByteBuffer dst, int n) {
        require(n >= 1, "n", n, "is less than 1");
        require(n <= writableBuffer(dst).remaining(), "n", n, "is more than dst has room for");
        return reads().start(new ReadAtLeast(reads(), dst, n));
    }

    @Override
    public CompletableFuture<@Nullable ByteBuffer> readSome(int max) {
        require(max >= 1, "max", max, "is less than 1");
        return reads().start(new Reads.Some(reads(), max));
    }

    @Override
    public CompletableFuture<Void> readFully(ByteBuffer dst) {
        return reads().start(new Reads.Exactly<>(reads(), writableBuffer(dst).remaining(), dst));
    }

    @Override
    public CompletableFuture<ByteBuffer> readExactly(int length) {
        require(length >= 0, "length", length, "is negative");
        return reads().start(new Reads.Exactly<>(reads(), length, null));
    }

    @Override
    public CompletableFuture<ByteBuffer> peek(int n) {
        require(n >= 0, "n", n, "is negative");
        require(n <= Peek.LIMIT, "n", n, "is more than " + Peek.LIMIT);
        return reads().start(new Peek(reads(), n));
    }

    @Override
    public CompletableFuture<ByteBuffer> readUntil(byte[] delimiter, int limit) {
        return until(Reads.Until.Kind.READ_UNTIL, delimiter, limit);
    }

    @Override
    public CompletableFuture<@Nullable ByteBuffer> readUntilOrNull(byte[] delimiter, int limit) {
        return until(Reads.Until.Kind.READ_UNTIL_OR_NULL, delimiter, limit);
    }

    private CompletableFuture<ByteBuffer> until(Reads.Until.Kind kind, byte[] delimiter, int limit) {
        require(delimiter.length > 0, "the delimiter is empty");
        require(limit >= delimiter.length, "limit", limit, "is less than the delimiter's length");
        return reads().start(new Reads.Until<>(reads(), kind, new Delimiter(delimiter.clone()), limit));
    }

    @Override
    public CompletableFuture<Long> discardUntil(byte[] delimiter) {
        require(delimiter.length > 0, "the delimiter is empty");
        return reads().start(new Discard(reads(), new Delimiter(delimiter.clone())));
    }

    @Override
    public CompletableFuture<@Nullable String> readLine() {
        return reads().start(new Reads.Until<>(reads(), Reads.Until.Kind.READ_LINE));
    }

    @Override
    public CompletableFuture<String> expectLine() {
        return reads().start(new Reads.Until<>(reads(), Reads.Until.Kind.EXPECT_LINE));
    }

    @Override
    public CompletableFuture<ByteBuffer> readAll(int limit) {
        require(limit >= 1, "limit", limit, "is less than 1");
        return reads().start(new Reads.All(reads(), limit));
    }

    @Override
    public <T> CompletableFuture<@Nullable T> readMessage(Decoder<? extends T> decoder) {
        return message(decoder, false);
    }

    @Override
    public <T> CompletableFuture<T> expectMessage(Decoder<? extends T> decoder) {
        return message(decoder, true);
    }

    private <T> CompletableFuture<T> message(Decoder<? extends T> decoder, boolean expected) {
        Objects.requireNonNull(decoder, "decoder");
        int limit;
        try {
            limit = decoder.limit();
        } catch (Throwable e) {
            String what = (expected ? "expectMessage from " : "readMessage from ") + remoteAddress();
            return OperationFuture.failed(connection.engine(), CodecFailures.named(what, e, ""));
        }
        require(limit >= 1, "the decoder's limit", limit, "is less than 1");
        return reads().start(new MessageRead<T>(reads(), decoder, limit, expected));
    }

    @Override
    public CompletableFuture<Long> transferTo(AsyncWriter sink) {
        return reads().start(new SocketTransfer(reads(), Objects.requireNonNull(sink, "sink")));
    }

    @Override
    public CompletableFuture<Long> transferTo(WritableByteChannel sink, long count, LongConsumer progress) {
        Objects.requireNonNull(sink, "sink");
        check(count, progress);
        return reads().start(new ChannelReadTransfer(reads(), sink, count, progress));
    }

    @Override
    public CompletableFuture<Boolean> readable() {
        return reads().readable();
    }

    @Override
    public int buffered() {
        return reads().state().buffered();
    }

    @Override
    public void shutdownInput() {
        reads().drainThenEnd(EndOfInput.REGULAR, false);
    }

    @Override
    public CompletableFuture<Void> write(ByteBuffer src) {
        return writes().start(new Write(writes(), Objects.requireNonNull(src, "src")));
    }

    @Override
    public CompletableFuture<Void> write(ByteBuffer first, ByteBuffer... more) {
        return writes().start(new Write(writes(), all(first, more)));
    }

    /** Returns the buffers in a new array. */
    private static ByteBuffer[] all(ByteBuffer first, ByteBuffer[] more) {
        ByteBuffer[] all = new ByteBuffer[more.length + 1];
        all[0] = Objects.requireNonNull(first, "first");
        for (int i = 0; i < more.length; i++) {
            all[i + 1] = Objects.requireNonNull(more[i], "more");
        }
        return all;
    }

    @Override
    public CompletableFuture<Void> write(byte[] src) {
        return write(ByteBuffer.wrap(src));
    }

    @Override
    public CompletableFuture<Void> write(CharSequence text) {
        return write(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public CompletableFuture<Void> writeLine(CharSequence line) {
        return writeLine(line, LineEnding.LF);
    }

    @Override
    public CompletableFuture<Void> writeLine(CharSequence line, LineEnding ending) {
        return write((Objects.requireNonNull(line, "line") + ending.text()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public <T> CompletableFuture<Void> writeMessage(T message, Encoder<? super T> encoder) {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(encoder, "encoder");
        return MessageChannel.write(connection, message, encoder);
    }

    @Override
    public CompletableFuture<Long> transferFrom(ReadableByteChannel source, long count, LongConsumer progress) {
        Objects.requireNonNull(source, "source");
        check(count, progress);
        ChannelWriteTransfer feed = new ChannelWriteTransfer(writes(), source, count, progress);
        writes().start(feed);
        return feed.sent();
    }

    @Override
    public CompletableFuture<Void> shutdownOutput() {
        return writes().shutdownOutput();
    }

    @Override
    public CompletableFuture<Void> writable() {
        return writes().writable();
    }

    @Override
    public SocketAddress localAddress() {
        return connection.transport().localAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return connection.transport().remoteAddress();
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        checkOpen("getOption");
        return connection.transport().getOption(Objects.requireNonNull(name, "name"));
    }

    @Override
    public <T> AsyncSocket setOption(SocketOption<T> name, T value) throws IOException {
        checkOpen("setOption");
        connection.transport().setOption(Objects.requireNonNull(name, "name"), value);
        return this;
    }

    private void checkOpen(String operation) throws ClosedChannelException {
        if (!isOpen()) {
            throw connection.own(Errors.closed(operation + " of " + this, null));
        }
    }

    @Override
    public AsyncSocket readTimeout(Duration timeout) {
        reads().limit(Clock.nanos(Settings.notNegative(timeout)));
        return this;
    }

    @Override
    public AsyncSocket writeTimeout(Duration timeout) {
        writes().limit(Clock.nanos(Settings.notNegative(timeout)));
        return this;
    }

    @Override
    public AsyncSocket idleTimeout(Duration timeout) {
        connection.idleTimeout(Clock.nanos(Settings.notNegative(timeout)));
        return this;
    }

    @Override
    public boolean idleTogether(AsyncSocket other, Duration timeout) {
        if (other instanceof DefaultSocket peer) {
            IdlePair.watch(connection.last(), peer.connection.last(), Clock.nanos(timeout));
        }
        return other instanceof DefaultSocket;
    }

    @Override
    public SocketStats stats() {
        return connection.stats();
    }

    @Override
    public CompletableFuture<AsyncSocket> startTls(TlsOptions options) {
        return TlsUpgrade.start(connection, Objects.requireNonNull(options, "options"));
    }

    @Override
    public Optional<TlsSession> tlsSession() {
        return connection.transport().tlsSession();
    }

    @Override
    public boolean isOpen() {
        return connection.last().isOpen();
    }

    @Override
    public void close() {
        connection.close();
    }

    @Override
    public void abort() {
        connection.abort();
    }

    @Override
    public CompletableFuture<CloseReason> closed() {
        return connection.closed();
    }

    @Override
    public IoContext context() {
        return connection.context();
    }

    @Override
    public <I, O> MessageSocket<I, O> messages(Decoder<? extends I> decoder, Encoder<? super O> encoder) {
        return new Messages<>(this, new MessageChannel(connection), decoder, encoder);
    }

    @Override
    public <Q, R> Requests<Q, R> requests(Encoder<? super Q> encoder, Decoder<? extends R> decoder, int inFlight) {
        return RequestPipeline.inOrder(this, encoder, decoder, inFlight);
    }

    @Override
    public <Q, R> Requests<Q, R> requests(
            Encoder<? super Q> encoder,
            Decoder<? extends R> decoder,
            Function<? super Q, ?> idOfRequest,
            Function<? super R, ?> idOfReply,
            int inFlight,
            Consumer<? super R> unsolicited) {
        return RequestPipeline.byId(this, encoder, decoder, idOfRequest, idOfReply, inFlight, unsolicited);
    }

    @Override
    public InputStream inputStream() {
        return new SocketInput(this);
    }

    @Override
    public OutputStream outputStream() {
        return new SocketOutput(this);
    }

    @Override
    public String toString() {
        return connection.toString();
    }
}

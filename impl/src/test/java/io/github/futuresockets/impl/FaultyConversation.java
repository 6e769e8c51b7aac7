package io.github.futuresockets.impl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.AsyncFlow;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.ConnectOptions;
import io.github.futuresockets.ConnectionStats;
import io.github.futuresockets.ListenOptions;
import io.github.futuresockets.Requests;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.codec.Codec;
import io.github.futuresockets.codec.Codecs;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.impl.Faults.Kind;
import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.common.SystemClock;
import io.github.futuresockets.impl.common.Threads;
import io.github.futuresockets.impl.engine.Engine;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.TestCertificates;
import io.github.futuresockets.spi.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Conversations over all operations of the library with an injected error. Each operation must end, and after the error
 * new operations must succeed. Encrypted conversations leave out the operations independent of encryption.
 */
final class FaultyConversation {
    /** A time-out longer than the limit of each wait. A lost operation therefore fails the wait. */
    private static final Duration NEVER = Duration.ofMinutes(5);

    private static final int LARGE = 100_000;

    /** The moment at which encryption starts, if at all. */
    enum Encryption {
        NONE,
        FROM_THE_START,
        STARTED_LATER
    }

    private final Faults faults;
    private final Encryption encryption;
    private final Path file;
    private final Engine sockets;
    private final TlsOptions client;
    private final TlsOptions server;
    private final Collection<AsyncSocket> served = new ConcurrentLinkedQueue<>();
    private final List<AsyncSocket> connected = new ArrayList<>();
    private CompletableFuture<Void> serving = CompletableFuture.completedFuture(null);
    private int started;
    private int succeeded;
    private int failed;
    private int cancelled;

    private FaultyConversation(Faults faults, Encryption encryption, Path file, Engine sockets) {
        this.faults = faults;
        this.encryption = encryption;
        this.file = file;
        this.sockets = sockets;
        this.client = TlsOptions.client()
                .context(FaultyTls.context(TestCertificates.client(), faults))
                .handshakeTimeout(NEVER);
        this.server = TlsOptions.server(FaultyTls.context(TestCertificates.server(), faults))
                .handshakeTimeout(NEVER);
    }

    /** Opens the engine of a provider. */
    interface Opening {
        Engine open(Settings settings, Supplies supplies);
    }

    static void run(Faults faults, Opening provider, Encryption encryption, Executor executor, Path file)
            throws Exception {
        Settings settings = new Settings(
                1,
                Threads.daemons("faulty-loop"),
                executor == null ? null : faults.over(executor),
                NEVER,
                NEVER,
                NEVER,
                NEVER,
                NEVER,
                16 << 20,
                (socket, failure) -> faults.at(Kind.CALLBACK, "onError"),
                host -> {
                    faults.at(Kind.RESOLVER, "resolve");
                    return List.of(InetAddress.getLoopbackAddress());
                },
                Map.of(StandardSocketOptions.SO_SNDBUF, 16_384));
        Supplies supplies = new Supplies(faults.over(new SystemClock(faults)), faults, faults);
        Engine plain = provider.open(settings, supplies);
        Engine sockets = new Engine(settings, new FaultyChannels(plain.channels(), faults), plain.loops(), supplies);
        FaultyConversation all = new FaultyConversation(faults, encryption, file, sockets);
        try {
            all.run();
        } catch (Throwable e) {
            throw new AssertionError(
                    faults.where() + ": " + e + " with " + sockets + " " + TestAccess.open(sockets), e);
        } finally {
            faults.end();
            Background.run(sockets::close);
        }
    }

    private void run() throws Exception {
        faults.begin();
        AsyncServerSocket listener = listen();
        if (listener != null) {
            AsyncSocket echo = connect(listener);
            if (echo != null) {
                echo(echo);
            }
            AsyncSocket answers = encryption == Encryption.NONE ? connect(listener) : null;
            if (answers != null) {
                answers(answers);
            }
        }
        faults.end();
        if (listener != null) {
            next(listener);
        }
        end();
    }

    /** Waits for an operation, counts its outcome, and returns its result. Returns null if the operation failed. */
    private <T> T end(String what, CompletableFuture<T> operation) {
        try {
            T value = operation
                    .handle((result, failure) -> {
                        if (failure == null) {
                            succeeded++;
                        } else if (operation.isCancelled()) {
                            cancelled++;
                        } else {
                            failed++;
                        }
                        return result;
                    })
                    .get(Await.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return value;
        } catch (TimeoutException e) {
            throw new AssertionError(what + " never ended", e);
        } catch (Exception e) {
            throw new AssertionError(what, e);
        }
    }

    private <T> CompletableFuture<T> start(String what, Supplier<CompletableFuture<T>> operation) {
        started++;
        try {
            return operation.get();
        } catch (Throwable e) {
            throw new AssertionError(what + " threw", e);
        }
    }

    private <T> T does(String what, Supplier<CompletableFuture<T>> operation) {
        return end(what, start(what, operation));
    }

    /** Adds a callback that may throw. The error fails the returned future and must not fail other futures. */
    private <T> CompletableFuture<T> calledBack(CompletableFuture<T> operation) {
        return operation.whenComplete((value, failure) -> faults.at(Kind.CALLBACK, "dependent"));
    }

    private AsyncServerSocket listen() {
        AsyncServerSocket listener;
        try {
            listener = sockets.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::options);
        } catch (IOException | RuntimeException | Error refused) {
            started++;
            return null;
        }
        serving = start("serve", () -> listener.serve(this::handle));
        return listener;
    }

    private void options(ListenOptions options) {
        faults.at(Kind.OPTIONS, "listen");
        if (encryption == Encryption.FROM_THE_START) {
            options.tls(server);
        }
    }

    private CompletionStage<Void> handle(AsyncSocket socket) {
        served.add(socket);
        faults.at(Kind.CALLBACK, "handler");
        return socket.readLine().thenCompose(mode -> {
            faults.at(Kind.CALLBACK, "function of the handler");
            switch (mode) {
                case "echo":
                    return socket.transferTo(socket).thenCompose(count -> socket.shutdownOutput());
                case "answer":
                    return socket.messages(codec()).answer(this::answer, 2);
                default:
                    return socket.writeLine("go")
                            .thenCompose(none -> socket.startTls(server))
                            .thenCompose(this::handle);
            }
        });
    }

    private CompletionStage<ByteBuffer> answer(ByteBuffer message) {
        faults.at(Kind.CALLBACK, "answer");
        return CompletableFuture.completedFuture(message);
    }

    private Codec<ByteBuffer> codec() {
        Codec<ByteBuffer> sound = Codecs.fixedLength(10);
        Decoder<ByteBuffer> decoder = new Decoder<>() {
            @Override
            public ByteBuffer decode(ByteBuffer in, int seen) throws IOException {
                faults.at(Kind.CODEC, "decode");
                return sound.decode(in, seen);
            }

            @Override
            public ByteBuffer end(ByteBuffer rest) throws IOException {
                faults.at(Kind.CODEC, "end");
                return sound.end(rest);
            }
        };
        Encoder<ByteBuffer> encoder = message -> {
            faults.at(Kind.CODEC, "encode");
            return sound.encode(message);
        };
        return Codec.of(decoder, encoder);
    }

    private AsyncSocket connect(AsyncServerSocket listener) {
        InetSocketAddress address = InetSocketAddress.createUnresolved("localhost", listener.port());
        AsyncSocket socket = does("connect", () -> calledBack(sockets.connect(address, this::options)));
        if (socket != null) {
            connected.add(socket);
        }
        return socket == null || encryption != Encryption.STARTED_LATER ? socket : encrypt(socket);
    }

    private void options(ConnectOptions options) {
        faults.at(Kind.OPTIONS, "connect");
        if (encryption == Encryption.FROM_THE_START) {
            options.tls(client);
        }
    }

    private AsyncSocket encrypt(AsyncSocket socket) {
        does("writeLine", () -> socket.writeLine("tls"));
        if (does("readLine", socket::readLine) == null) {
            return null;
        }
        AsyncSocket encrypted = does("startTls", () -> socket.startTls(client));
        if (encrypted != null) {
            connected.add(encrypted);
        }
        return encrypted;
    }

    /** Converses with the echo handler. */
    private void echo(AsyncSocket socket) throws IOException {
        CompletableFuture<Boolean> readable = start("readable", socket::readable);
        does("writeLine", () -> calledBack(socket.writeLine("echo")));
        does("write", () -> socket.write(ByteBuffer.wrap(new byte[5]), ByteBuffer.wrap("line\n".getBytes())));
        end("readable", readable);
        does("readLine", () -> calledBack(socket.readLine()));
        byte[] content = bytes(LARGE);
        List<CompletableFuture<?>> writes = new ArrayList<>();
        writes.add(start("write of much", () -> socket.write(content)));
        writes.add(start("write behind it", () -> socket.writeLine("behind it")));
        writes.add(start("writable", socket::writable));
        CompletableFuture<Void> unwanted = start("unwanted write", () -> socket.write(new byte[0]));
        unwanted.cancel(false);
        writes.add(unwanted);
        ByteBuffer back = does("readExactly", () -> socket.readExactly(LARGE));
        if (back != null) {
            assertArrayEquals(content, back.array());
        }
        does("readLine", socket::readLine);
        writes.forEach(each -> end("write", each));
        if (encryption == Encryption.NONE) {
            direct(socket);
            channels(socket);
        }
        does("readLine with a time-out", () -> socket.readLine().orTimeout(1, TimeUnit.MILLISECONDS));
        does("shutdownOutput", socket::shutdownOutput);
        does("readAll", () -> socket.readAll(LARGE));
        socket.close();
    }

    private void direct(AsyncSocket socket) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(20_000);
        CompletableFuture<Void> write = start("write of a direct buffer", () -> socket.write(buffer.duplicate()));
        does("read into a direct buffer", () -> socket.readFully(buffer));
        end("write of a direct buffer", write);
    }

    private void channels(AsyncSocket socket) throws IOException {
        try (FileChannel source = FileChannel.open(file)) {
            CompletableFuture<Long> sent = start(
                    "transferFrom a file",
                    () -> socket.transferFrom(source, 50_000, n -> {
                        faults.at(Kind.CALLBACK, "progress of transferFrom");
                    }));
            does(
                    "transferTo a channel",
                    () -> socket.transferTo(new Sink(), 50_000, n -> {
                        faults.at(Kind.CALLBACK, "progress of transferTo");
                    }));
            end("transferFrom a file", sent);
        }
        does("transferFrom a channel", () -> socket.transferFrom(new Source(), 3, n -> {}));
        does("read", () -> socket.readExactly(3));
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 31 >> 3);
        }
        return bytes;
    }

    private final class Sink implements WritableByteChannel {
        @Override
        public int write(ByteBuffer src) {
            faults.at(Kind.CHANNEL, "write");
            int count = src.remaining();
            src.position(src.limit());
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** A channel whose first read returns 0 bytes, and whose later reads return single bytes. */
    private final class Source implements ReadableByteChannel {
        private boolean asked;

        @Override
        public int read(ByteBuffer dst) {
            faults.at(Kind.CHANNEL, "read");
            if (asked) {
                dst.put((byte) 1);
                return 1;
            }
            asked = true;
            return 0;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** Converses with the handler of messages. */
    private void answers(AsyncSocket socket) {
        does("writeLine", () -> socket.writeLine("answer"));
        ByteBuffer message = ByteBuffer.wrap(new byte[10]);
        does("writeMessage", () -> socket.writeMessage(message.duplicate(), codec()));
        does("readMessage", () -> socket.readMessage(codec()));
        Requests<ByteBuffer, ByteBuffer> requests = socket.requests(codec(), codec(), 2);
        List<CompletableFuture<ByteBuffer>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            calls.add(start("request", () -> calledBack(requests.request(message.duplicate()))));
        }
        calls.forEach(each -> end("request", each));
        AsyncFlow.Sink<ByteBuffer> sink = AsyncFlow.subscriber(socket, codec());
        sink.onSubscribe(new Three(sink, message));
        Long written = does("subscriber", sink::done);
        for (int i = 0; i < 3 && written != null; i++) {
            does("readMessage", () -> socket.readMessage(codec()));
        }
        byId(socket);
    }

    /** Makes calls with ids. The peer echoes each message, so that the reply has the id of its request. */
    private void byId(AsyncSocket socket) {
        Requests<ByteBuffer, ByteBuffer> requests = socket.requests(
                codec(), codec(), this::idOf, this::idOf, 2, message -> faults.at(Kind.CALLBACK, "unsolicited"));
        CompletableFuture<Void> ended = start("ended", () -> calledBack(requests.ended()));
        List<CompletableFuture<ByteBuffer>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            does("writable", requests::writable);
            ByteBuffer message = ByteBuffer.allocate(10).put(0, (byte) i);
            calls.add(start("request by id", () -> calledBack(requests.request(message))));
        }
        calls.forEach(each -> end("request by id", each));
        socket.close();
        end("ended", ended);
    }

    private Byte idOf(ByteBuffer message) {
        faults.at(Kind.CODEC, "id");
        return message.get(0);
    }

    private final class Three implements java.util.concurrent.Flow.Subscription {
        private final AsyncFlow.Sink<ByteBuffer> sink;
        private final ByteBuffer message;
        private int given;

        Three(AsyncFlow.Sink<ByteBuffer> sink, ByteBuffer message) {
            this.sink = sink;
            this.message = message;
        }

        @Override
        public void request(long count) {
            faults.at(Kind.CALLBACK, "request of a subscription");
            if (given++ == 3) {
                sink.onComplete();
            } else {
                sink.onNext(message.duplicate());
            }
        }

        @Override
        public void cancel() {
            faults.at(Kind.CALLBACK, "cancel of a subscription");
        }
    }

    /** Checks that a new connection works after the injection has stopped. */
    private void next(AsyncServerSocket listener) {
        AsyncSocket socket = connect(listener);
        if (socket == null) {
            throw new AssertionError("the next connect failed");
        }
        does("writeLine", () -> socket.writeLine("echo"));
        does("writeLine", () -> socket.writeLine("again"));
        assertEquals("again", does("readLine", socket::readLine));
        does("shutdownOutput", socket::shutdownOutput);
        assertEquals(null, does("readLine", socket::readLine));
        socket.close();
    }

    private void end() throws Exception {
        connected.forEach(AsyncSocket::close);
        for (AsyncSocket each : connected) {
            does("closed", each::closed);
        }
        Await.value(Background.run(sockets::close));
        end("serve", serving);
        for (AsyncSocket each : served) {
            does("closed of a served one", each::closed);
        }
        assertEquals(started, succeeded + failed + cancelled, "started");
        ConnectionStats stats = sockets.stats();
        assertEquals(0, stats.open(), stats::toString);
        assertEquals(0, stats.traffic().pendingWriteBytes(), stats::toString);
    }
}

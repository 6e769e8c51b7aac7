package io.github.futuresockets.bench.peer;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An echo server over Vert.x, with a verticle for each I/O thread. All verticles listen at the same port.
 *
 * <ul>
 *   <li>An echo of bytes is a pipe from the socket to the same socket.
 *   <li>Frames come from a {@code RecordParser}, set to the length of the next record.
 *   <li>Vert.x chooses its buffers and its flushes. There is a flush for each read.
 *   <li>The transport is Netty's epoll where available, and NIO otherwise.
 * </ul>
 */
final class VertxPeer implements Peer {
    /** Options without a cache folder, because a measured server is killed and cannot delete the folder. */
    private static final FileSystemOptions NO_CACHE =
            new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);

    private final Protocol protocol;
    private @Nullable Vertx vertx;

    VertxPeer(Protocol protocol) {
        this.protocol = protocol;
    }

    @Override
    public List<String> jvmFlags(int threads) {
        return NettyTransport.jvmFlags();
    }

    @Override
    public int start(int port, int threads, int buffer) throws IOException {
        Vertx instance = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(threads).setFileSystemOptions(NO_CACHE))
                .withTransport(NettyTransport.best() == NettyTransport.EPOLL ? Transport.EPOLL : Transport.NIO)
                .build();
        vertx = instance;
        NetServerOptions options = new NetServerOptions().setTcpNoDelay(true).setAcceptBacklog(1024);
        if (protocol == Protocol.TLS) {
            options.setSsl(true)
                    .setKeyCertOptions(KeyCertOptions.wrap(TlsIdentity.keyManagers()))
                    .setEnabledSecureTransportProtocols(Set.of(TlsIdentity.PROTOCOL));
        }
        // A negative number is any free port, the same for all instances.
        int wanted = port == 0 ? -1 : port;
        AtomicInteger bound = new AtomicInteger();
        instance.deployVerticle(
                        () -> context -> instance.createNetServer(options)
                                .connectHandler(this::converse)
                                .listen(wanted, "127.0.0.1")
                                .onSuccess(server -> bound.set(server.actualPort())),
                        new DeploymentOptions().setInstances(threads))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return bound.get();
    }

    private void converse(NetSocket socket) {
        if (protocol == Protocol.FRAMES) {
            socket.exceptionHandler(failure -> socket.close());
            new Frames(socket).start();
        } else {
            socket.pipeTo(socket);
        }
    }

    @Override
    public void close() {
        if (vertx != null) {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** The echo of a connection's frames. For each frame the parser returns two records, the length and the payload. */
    private static final class Frames {
        private final NetSocket socket;
        private final RecordParser parser;
        private int expected = Protocol.HEADER;
        private boolean payloadIsNext;

        Frames(NetSocket socket) {
            this.socket = socket;
            this.parser = RecordParser.newFixed(Protocol.HEADER, socket);
        }

        void start() {
            parser.exceptionHandler(failure -> socket.close());
            parser.handler(this::record);
        }

        private void record(Buffer record) {
            if (record.length() < expected) {
                // An incomplete record at the end of the stream.
                return;
            }
            if (payloadIsNext) {
                payload(record);
                return;
            }
            int length = record.getInt(0);
            if (length < 0 || length > Protocol.LARGEST_FRAME) {
                socket.close();
            } else if (length == 0) {
                payload(record.slice(0, 0));
            } else {
                expect(length, true);
            }
        }

        private void expect(int length, boolean payload) {
            expected = length;
            payloadIsNext = payload;
            parser.fixedSizeMode(length);
        }

        private void payload(Buffer payload) {
            expect(Protocol.HEADER, false);
            socket.write(Buffer.buffer(Protocol.HEADER + payload.length())
                    .appendInt(payload.length())
                    .appendBuffer(payload));
            if (socket.writeQueueFull()) {
                parser.pause();
                socket.drainHandler(none -> parser.resume());
            }
        }
    }
}

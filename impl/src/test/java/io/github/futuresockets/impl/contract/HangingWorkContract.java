package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.TestFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hanging look-ups and file operations on other threads. All other operations proceed. */
abstract class HangingWorkContract extends ContractTest {
    private static final int HANGING = 40;

    private final CountDownLatch never = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();

    @TempDir
    private Path directory;

    private void openWithLookUpsThatHang() {
        open(builder -> builder.resolver(host -> {
            if (host.startsWith("hang")) {
                asked.incrementAndGet();
                try {
                    never.await();
                } catch (InterruptedException end) {
                    return List.of();
                }
            }
            return List.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}));
        }));
    }

    private List<CompletableFuture<AsyncSocket>> connectsThatHang() {
        List<CompletableFuture<AsyncSocket>> all = new ArrayList<>();
        for (int i = 0; i < HANGING; i++) {
            all.add(sockets.connect("hang" + i + ".test", 80));
        }
        return all;
    }

    private void assertConnects(CompletableFuture<AsyncSocket> connect, PeerServer server) {
        AsyncSocket connected = Await.value(connect);
        server.accept().close();
        connected.abort();
    }

    @Test
    void connect_whileLookUpsHang_succeeds() {
        onlyOverTcp();
        openWithLookUpsThatHang();
        connectsThatHang();
        try (PeerServer server = new PeerServer()) {
            assertConnects(sockets.connect("127.0.0.1", server.port()), server);
            assertConnects(sockets.connect("good.test", server.port()), server);
        }
    }

    @Test
    void connect_toAnAddress_asksNoResolver() {
        onlyOverTcp();
        open(builder -> builder.resolver(host -> {
            asked.incrementAndGet();
            return List.of();
        }));
        try (PeerServer server = new PeerServer()) {
            assertConnects(sockets.connect("127.0.0.1", server.port()), server);
            assertConnects(sockets.connect(InetSocketAddress.createUnresolved("127.0.0.1", server.port())), server);
            assertEquals(0, asked.get());
            Await.failure(sockets.connect("1.2.3", server.port()));
            assertEquals(1, asked.get());
        }
    }

    @Test
    void connect_cancelledInTheQueue_isNotLookedUp() {
        onlyOverTcp();
        openWithLookUpsThatHang();
        List<CompletableFuture<AsyncSocket>> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            all.add(sockets.connect("hang.test", 80));
        }
        all.forEach(each -> assertTrue(each.cancel(false)));
        int before = asked.get();
        never.countDown();
        try (PeerServer server = new PeerServer()) {
            assertConnects(sockets.connect("good.test", server.port()), server);
        }
        // A few look-ups may have begun in spite of their cancellation.
        assertTrue(asked.get() <= before + 50, asked + " names were looked up, and " + before + " before the cancel");
    }

    @Test
    void transferToFile_whileFifosHang_isDone() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "mkfifo");
        open(builder -> builder);
        List<CompletableFuture<Long>> hanging = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            connect(0);
            peer.send(new byte[100_000]);
            hanging.add(socket.transferTo(fullFifo("fifo" + i), Long.MAX_VALUE, total -> {}));
        }
        connect(0);
        peer.send("12345");
        FileChannel file = closing(TestFiles.of(new byte[0]));
        assertEquals(5L, Await.value(socket.transferTo(file, 5, total -> {})));
        hanging.forEach(each -> assertTrue(!each.isDone()));
    }

    /** Returns a FIFO without reads. After the test its reader is closed first, so that a waiting write fails. */
    private FileChannel fullFifo(String name) throws IOException, InterruptedException {
        Path fifo = directory.resolve(name);
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        RandomAccessFile reader = new RandomAccessFile(fifo.toFile(), "rw");
        FileChannel writer = closing(FileChannel.open(fifo, StandardOpenOption.WRITE));
        closing(reader);
        return writer;
    }
}

package io.github.futuresockets.impl.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.Conversation;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.Seeds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link FileUpload} on a thread for each connection. */
class FileUploadTest {
    private final ExecutorService threads = virtualThreads();
    private final AtomicInteger received = new AtomicInteger();

    @TempDir
    private Path folder;

    private AsyncSockets sockets;
    private AsyncServerSocket server;

    @BeforeEach
    void open() throws IOException {
        sockets = AsyncSockets.builder().threads(2).build();
        server = sockets.listen("localhost", 0);
    }

    @AfterEach
    void close() {
        sockets.close();
        threads.shutdownNow();
    }

    /** Returns an executor of virtual threads. Before JDK 21, the threads are platform threads. */
    private static ExecutorService virtualThreads() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            return Executors.newCachedThreadPool();
        }
    }

    private void serve(Conversation conversation) {
        server.serve(conversation, threads);
    }

    private void receive(AsyncSocket socket) throws Exception {
        FileUpload.receive(socket, folder.resolve("upload-" + received.getAndIncrement()));
    }

    private CompletableFuture<String> send(byte[] content, LongConsumer progress) {
        AsyncSocket socket = Await.value(sockets.connect(server.localAddress()));
        return Background.call(() -> {
            try (socket) {
                return FileUpload.send(socket, new ByteArrayInputStream(content), content.length, progress);
            }
        });
    }

    @Test
    void upload_completed_storesFileAndReportsFullProgress() throws IOException {
        serve(this::receive);
        byte[] content = Seeds.bytes("upload", 5_000_001);
        List<Long> progress = new ArrayList<>();
        assertEquals("stored", Await.value(send(content, progress::add)));
        assertArrayEquals(content, Files.readAllBytes(folder.resolve("upload-0")));
        assertEquals(
                content.length, progress.stream().mapToLong(Long::longValue).sum());
        assertEquals(5_000_001 / 65_536 + 1, progress.size());
    }

    @Test
    void upload_hundredAtOnce_eachRunsOnOwnThread() {
        CountDownLatch together = new CountDownLatch(100);
        serve(socket -> {
            together.countDown();
            together.await();
            receive(socket);
        });
        List<CompletableFuture<String>> verdicts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            verdicts.add(send(new byte[i * 1_000], sent -> {}));
        }
        verdicts.forEach(each -> assertEquals("stored", Await.value(each)));
        assertEquals(100, received.get());
    }

    @Test
    void upload_serverDoesNotRead_progressStops() {
        CountDownLatch busy = new CountDownLatch(1);
        serve(socket -> {
            busy.await();
            receive(socket);
        });
        AtomicLong sent = new AtomicLong();
        byte[] content = new byte[64 << 20];
        CompletableFuture<String> verdict = send(content, sent::addAndGet);
        Await.until("the kernel is full", () -> sockets.stats().traffic().pendingWriteBytes() > 0);
        long before = sent.get();
        assertTrue(before < content.length / 2, before + " bytes on their way to a server that does not read");
        busy.countDown();
        assertEquals("stored", Await.value(verdict));
        assertEquals(content.length, sent.get());
    }

    @Test
    void upload_endsEarly_serverReportsMissingBytes() {
        serve(this::receive);
        try (Peer client = Peer.connect(server.localAddress())) {
            client.send("1000\n").send(new byte[400]).end();
            assertEquals("600 bytes are missing\n", client.textToEnd());
        }
    }

    @Test
    void upload_serverClosesConnection_fails() {
        serve(socket -> {
            socket.readLine().join();
            throw new IOException("no room");
        });
        Await.failure(IOException.class, send(new byte[64 << 20], sent -> {}));
    }
}

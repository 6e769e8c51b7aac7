package io.github.futuresockets.impl.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Installed;
import io.github.futuresockets.impl.support.Seeds;
import io.github.futuresockets.impl.support.StubbornFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code transferFrom} a file with a missing or wrong size. Only a read finds the end of the file. */
abstract class UnsizedFileContract extends ContractTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"/proc/version", "/proc/cpuinfo", "/sys/kernel/mm/transparent_hugepage/enabled"})
    void transferFrom_fileOfTheKernel_arrivesWhole(String name) throws IOException {
        Path path = Path.of(name);
        assumeTrue(Files.exists(path), name);
        byte[] content = Files.readAllBytes(path);
        converse();
        FileChannel file = closing(FileChannel.open(path));
        CompletableFuture<Long> transfer = socket.transferFrom(file, Long.MAX_VALUE, total -> {});
        CompletableFuture<Void> behind = socket.write("behind");
        byte[] arrived = peer.receive(content.length);
        assertEquals("behind", peer.text(6));
        assertEquals(content.length, Await.value(transfer));
        assertEquals(content.length, file.position());
        if (!name.endsWith("cpuinfo")) {
            assertArrayEquals(content, arrived);
        }
        Await.value(behind);
    }

    @Test
    void transferFrom_deviceWithoutSize_givesAsMuchAsAskedFor() throws IOException {
        Path zero = Path.of("/dev/zero");
        assumeTrue(Files.exists(zero), "/dev/zero");
        converse();
        FileChannel file = closing(FileChannel.open(zero));
        CompletableFuture<Long> transfer = socket.transferFrom(file, 300_000, total -> {});
        assertArrayEquals(new byte[300_000], peer.receive(300_000));
        assertEquals(300_000L, Await.value(transfer));
    }

    @Test
    void transferFrom_fifo_arrivesAsWritten() throws Exception {
        Installed.assume("mkfifo");
        Path fifo = folder.resolve("fifo");
        Installed.run(folder, "mkfifo " + fifo);
        converse();
        CompletableFuture<FileChannel> writing =
                Background.call(() -> FileChannel.open(fifo, StandardOpenOption.WRITE));
        FileChannel reading = closing(FileChannel.open(fifo));
        FileChannel writer = closing(Await.value(writing));
        CompletableFuture<Long> transfer = socket.transferFrom(reading, Long.MAX_VALUE, total -> {});
        writer.write(UTF_8.encode("first"));
        assertEquals("first", peer.text(5));
        writer.write(UTF_8.encode("second"));
        assertEquals("second", peer.text(6));
        writer.close();
        assertEquals(11L, Await.value(transfer));
        Await.value(socket.write("behind"));
        assertEquals("behind", peer.text(6));
    }

    @Test
    void transferFrom_fileShorterThanSize_endsAtActualEnd() {
        converse();
        byte[] content = Seeds.bytes("shorter", 200_000);
        CompletableFuture<Long> transfer =
                socket.transferFrom(closing(new StubbornFile(content, null)), Long.MAX_VALUE, total -> {});
        assertArrayEquals(content, peer.receive(content.length));
        assertEquals(content.length, Await.value(transfer));
    }

    @Test
    void transferFrom_fileThatCannotBeRead_isToldFromAReset() {
        converse();
        IOException failure = new IOException("Connection reset");
        CompletableFuture<Long> transfer =
                socket.transferFrom(closing(new StubbornFile(new byte[10], failure)), 100, total -> {});
        CompletableFuture<Void> reading = Background.run(peer::awaitOver);
        assertSame(failure, Await.failure(IOException.class, transfer).getCause());
        assertEquals(CloseReason.Kind.FAILED, Await.value(socket.closed()).kind());
        Await.value(reading);
    }
}

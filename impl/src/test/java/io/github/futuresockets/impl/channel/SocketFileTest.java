package io.github.futuresockets.impl.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@link SocketFile}. */
class SocketFileTest {
    @TempDir
    private Path directory;

    private ServerSocketChannel bind(Path path) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
    }

    @Test
    void of_internetAddress_isNull() throws Exception {
        assertEquals(null, SocketFile.of(new InetSocketAddress(0)));
    }

    @Test
    void of_attributesCannotBeRead_deletesFile() throws Exception {
        Path path = directory.resolve("socket");
        IOException unreadable = new IOException("on purpose");
        try (ServerSocketChannel listener = bind(path)) {
            assertTrue(Files.exists(path));
            IOException failure = assertThrows(
                    IOException.class,
                    () -> SocketFile.of(listener.getLocalAddress(), file -> {
                        throw unreadable;
                    }));
            assertSame(unreadable, failure);
            assertFalse(Files.exists(path));
        }
    }

    @Test
    void delete_ownFile_isGone() throws Exception {
        Path path = directory.resolve("socket");
        try (ServerSocketChannel listener = bind(path)) {
            Objects.requireNonNull(SocketFile.of(listener.getLocalAddress())).delete();
            assertFalse(Files.exists(path));
        }
    }

    @Test
    void delete_fileOfAnotherListener_stays() throws Exception {
        Path path = directory.resolve("socket");
        try (ServerSocketChannel listener = bind(path)) {
            SocketFile file = Objects.requireNonNull(SocketFile.of(listener.getLocalAddress()));
            Files.move(path, directory.resolve("moved"));
            try (ServerSocketChannel other = bind(path)) {
                file.delete();
                assertTrue(Files.exists(path), other.toString());
            }
        }
    }
}

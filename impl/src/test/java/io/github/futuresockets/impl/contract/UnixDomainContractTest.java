package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.PeerServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract over Unix-domain sockets of the provider {@code loop}. */
class UnixDomainContractTest extends SocketContract {
    private Path folder;
    private int number;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("sockets");
    }

    @AfterEach
    void removeFolder() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                Files.delete(each);
            }
        }
        Files.delete(folder);
    }

    @Override
    AsyncSockets.Builder builder() {
        return AsyncSockets.builder().provider("loop");
    }

    @Override
    SocketAddress address() {
        return UnixDomainSocketAddress.of(folder.resolve(String.valueOf(number++)));
    }

    /** Rules for Unix-domain sockets only, about socket files, the backlog and refused TCP options. */
    @Nested
    class OfTheirOwn extends ContractTest {
        @Test
        void connect_missingOrUnusedSocketFile_failsNamingFile() {
            open(builder -> builder);
            SocketAddress nothing = address();
            assertNames(nothing, Await.failure(IOException.class, sockets.connect(nothing)));
            SocketAddress left = address();
            new PeerServer(left, 0).close();
            assertNames(left, Await.failure(ConnectException.class, sockets.connect(left)));
        }

        @Test
        void listen_existingFile_failsNamingFile() throws IOException {
            open(builder -> builder);
            SocketAddress used = listen().localAddress();
            assertNames(used, assertThrows(IOException.class, () -> sockets.listen(used)));
        }

        @Test
        void close_deletesTheFile_soThatListeningAgainWorks() throws IOException {
            open(builder -> builder);
            UnixDomainSocketAddress local = (UnixDomainSocketAddress) address();
            for (int i = 0; i < 3; i++) {
                AsyncServerSocket listener = sockets.listen(local);
                assertTrue(Files.exists(local.getPath()));
                CompletableFuture<AsyncSocket> accepted = listener.accept();
                Peer caller = closing(Peer.connect(local));
                AsyncSocket connection = Await.value(accepted);
                listener.close();
                assertFalse(Files.exists(local.getPath()));
                listener.close();
                caller.send("goes on\n");
                assertEquals("goes on", Await.value(connection.readLine()));
            }
        }

        @Test
        void closeOfTheSockets_deletesTheFile() throws IOException {
            open(builder -> builder);
            UnixDomainSocketAddress local = (UnixDomainSocketAddress) address();
            sockets.listen(local);
            sockets.close();
            assertFalse(Files.exists(local.getPath()));
        }

        @Test
        void close_fileReplacedByOtherListener_keepsFile() throws IOException {
            open(builder -> builder);
            UnixDomainSocketAddress local = (UnixDomainSocketAddress) address();
            AsyncServerSocket first = sockets.listen(local);
            Files.delete(local.getPath());
            AsyncServerSocket second = closing(sockets.listen(local));
            first.close();
            assertTrue(Files.exists(local.getPath()));
            CompletableFuture<AsyncSocket> accepted = second.accept();
            closing(Peer.connect(local));
            Await.value(accepted);
            Files.delete(local.getPath());
            second.close();
        }

        @Test
        void listen_thatFails_leavesTheFileOfAnotherListener() throws IOException {
            open(builder -> builder);
            UnixDomainSocketAddress local = (UnixDomainSocketAddress) address();
            AsyncServerSocket listener = closing(sockets.listen(local));
            assertThrows(IOException.class, () -> sockets.listen(local));
            CompletableFuture<AsyncSocket> accepted = listener.accept();
            closing(Peer.connect(local));
            Await.value(accepted);
        }

        @Test
        void connect_moreThanTheBacklogWaitOrFailButAreNeverHalfConnected() throws IOException {
            open(builder -> builder);
            SocketAddress address = address();
            try (ServerSocketChannel narrow = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                narrow.bind(address, 1);
                List<CompletableFuture<AsyncSocket>> connects = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    connects.add(sockets.connect(address));
                }
                int connected = 0;
                for (CompletableFuture<AsyncSocket> each : connects) {
                    Throwable failure = Await.value(each.<Throwable>handle((connection, why) -> why));
                    if (failure == null) {
                        each.join().write("x").join();
                        connected++;
                    } else {
                        assertNames(address, failure);
                    }
                }
                assertTrue(connected > 0 && connected < 8, connected + " of 8");
            }
        }

        @Test
        void option_thatOnlyTcpHasIsRefused() {
            converse();
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> socket.setOption(StandardSocketOptions.TCP_NODELAY, true));
        }

        private void assertNames(SocketAddress address, Throwable failure) {
            assertTrue(failure.getMessage().contains(address.toString()), failure.toString());
        }
    }
}

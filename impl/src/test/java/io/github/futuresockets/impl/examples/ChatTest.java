package io.github.futuresockets.impl.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.ShutdownReport;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Peer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link Chat} over TCP and in memory, with slow and leaving members. */
class ChatTest {
    private static final Duration ENOUGH = Duration.ofSeconds(10);

    private final List<Peer> peers = new ArrayList<>();
    private AsyncSockets sockets;
    private AsyncServerSocket server;
    private Chat chat;

    @BeforeEach
    void open() throws IOException {
        sockets = Chat.limits(AsyncSockets.builder().threads(1)).build();
        server = sockets.listen("localhost", 0);
        chat = new Chat(server);
    }

    @AfterEach
    void close() {
        peers.forEach(Peer::close);
        sockets.close();
    }

    /** Connects a member. The line with the name comes back after the chat has added the member. */
    private Peer enter(String name) {
        Peer peer = Peer.connect(server.localAddress());
        peers.add(peer);
        peer.send(name + "\n");
        hears(peer, name);
        return peer;
    }

    private static void hears(Peer peer, String line) {
        assertEquals(line + "\n", peer.text(line.length() + 1));
    }

    @Test
    void chat_linesOfSeveralMembers_reachAllInSameOrder() {
        Peer ann = enter("ann");
        Peer bob = enter("bob");
        hears(ann, "bob");
        for (int i = 0; i < 100; i++) {
            (i % 2 == 0 ? ann : bob).send("line " + i + "\n");
            hears(ann, "line " + i);
            hears(bob, "line " + i);
        }
    }

    @Test
    void chat_memberNeverReads_isDroppedAndOthersGetEveryLine() {
        Peer ann = enter("ann");
        enter("deaf");
        hears(ann, "deaf");
        Peer bob = enter("bob");
        hears(ann, "bob");
        String line = "x".repeat(60_000);
        int lines = 0;
        while (sockets.stats().open() == 3) {
            assertTrue(lines++ < 2_000, "what the kernel has room for is far less: " + sockets.stats());
            ann.send(line + "\n");
            hears(ann, line);
            hears(bob, line);
            long waits = sockets.stats().traffic().pendingWriteBytes();
            assertTrue(waits <= (256 << 10) + 2 * 60_001, waits + " bytes wait, and two listen");
        }
        ann.send("it is quiet\n");
        hears(bob, "it is quiet");
    }

    @Test
    void chat_memberNeverReads_isDroppedExactlyAtByteLimit() throws IOException {
        MemoryNetwork network = MemoryNetwork.create(Chat::limits);
        AsyncServerSocket server = network.listen("chat.test", 0);
        new Chat(server);
        AsyncSocket ann = network.connect(server.localAddress()).join();
        network.faults(FaultPlan.NONE.capacity(1_024), FaultPlan.NONE);
        AsyncSocket deaf = network.connect(server.localAddress()).join();
        String line = "x".repeat(1_023);
        for (int i = 0; i < 1 + 256; i++) {
            ann.writeLine(line).join();
            assertEquals(line, ann.readLine().join());
        }
        assertTrue(deaf.isOpen());
        assertEquals(256 << 10, network.stats().traffic().pendingWriteBytes());
        ann.writeLine("").join();
        assertEquals("", ann.readLine().join());
        deaf.readExactly(1_024).join();
        Await.failure(IOException.class, deaf.readExactly(1));
        assertEquals(0, network.stats().traffic().pendingWriteBytes());
    }

    @Test
    void chat_lineWaitsTooLongForMember_dropsMember() throws IOException {
        MemoryNetwork network = MemoryNetwork.create(Chat::limits);
        AsyncServerSocket server = network.listen("chat.test", 0);
        new Chat(server);
        AsyncSocket ann = network.connect(server.localAddress()).join();
        network.faults(FaultPlan.NONE.capacity(8), FaultPlan.NONE);
        network.connect(server.localAddress()).join();
        ann.writeLine("a line of some length").join();
        assertTrue(network.stats().traffic().pendingWriteBytes() > 0);
        long open = network.stats().open();
        network.advance(Duration.ofSeconds(30));
        assertEquals(0, network.stats().traffic().pendingWriteBytes());
        assertEquals(open - 1, network.stats().open());
        assertTrue(ann.isOpen());
    }

    @Test
    void chat_memberWritesWithoutReading_onlyThatMemberIsHeldUp() throws IOException {
        MemoryNetwork network = MemoryNetwork.create(Chat::limits);
        AsyncServerSocket server = network.listen("chat.test", 0);
        new Chat(server);
        AsyncSocket ann = network.connect(server.localAddress()).join();
        AtomicInteger heard = new AtomicInteger();
        AsyncLoop.forEach(ann::readLine, line -> {
            heard.incrementAndGet();
            return null;
        });
        AsyncSocket monologue = network.connect(server.localAddress()).join();
        CompletableFuture<Void> speech = monologue.write(("x".repeat(1_023) + "\n").repeat(2_000));
        assertFalse(speech.isDone());
        ann.writeLine("may I?").join();
        int before = heard.get();
        assertTrue(before < 1_000, before + " lines before it has listened");
        for (int i = 0; i < 2_001; i++) {
            Await.value(monologue.readLine());
        }
        assertTrue(speech.isDone());
        assertEquals(2_001, heard.get());
    }

    @Test
    void chat_memberDisconnects_isRemoved() {
        Peer ann = enter("ann");
        Peer bob = enter("bob");
        hears(ann, "bob");
        bob.close();
        Await.until("bob is gone", () -> sockets.stats().open() == 1);
        ann.send("alone\n");
        hears(ann, "alone");
    }

    @Test
    void stop_withMembers_sendsLastLineAndClosesConnections() {
        Peer ann = enter("ann");
        Peer bob = enter("bob");
        hears(ann, "bob");
        CompletableFuture<ShutdownReport> report = chat.stop(ENOUGH);
        assertEquals("The chat is over.\n", ann.textToEnd());
        assertEquals("The chat is over.\n", bob.textToEnd());
        ann.close();
        bob.close();
        assertEquals(new ShutdownReport(2, 0), Await.value(report));
    }
}

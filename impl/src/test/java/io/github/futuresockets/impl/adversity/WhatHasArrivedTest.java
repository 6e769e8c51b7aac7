package io.github.futuresockets.impl.adversity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.stress.ConnectionPair;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.PeerServer;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests that bytes received before a shutdown of input or a failed write are still delivered to later reads. */
class WhatHasArrivedTest extends AdversityBase {
    /** Fewer bytes than the kernel buffers without a read, and many times the prefetched bytes. */
    private static final int ARRIVED = 60_000;

    @Test
    void shutdownInput_bytesArrived_deliversBytesThenEnd() {
        try (ConnectionPair link = link()) {
            link.far().send(sent());
            link.near().shutdownInput();
            assertArrayEquals(sent(), Await.value(link.near().readAll(1 << 20)).array());
            assertNull(Await.value(link.near().readLine()));
        }
    }

    @Test
    void shutdownInput_afterReadable_deliversBytesThenEnd() {
        try (ConnectionPair link = link()) {
            link.far().send(sent());
            assertTrue(Await.value(link.near().readable()));
            link.near().shutdownInput();
            assertArrayEquals(sent(), Await.value(link.near().readAll(1 << 20)).array());
            assertNull(Await.value(link.near().readLine()));
        }
    }

    @Test
    void shutdownInput_readPending_completesRead() {
        try (ConnectionPair link = link()) {
            CompletableFuture<ByteBuffer> read = link.near().readAll(1 << 20);
            link.far().send(sent());
            Await.until("all of it", () -> link.near().buffered() == ARRIVED);
            link.near().shutdownInput();
            assertArrayEquals(sent(), Await.value(read).array());
            Await.value(link.near().writeLine("writing goes on"));
            assertEquals("writing goes on\n", link.far().text(16));
        }
    }

    /** 2,500 connections have an event at the same time, more than a single poll reports. */
    @Test
    void shutdownInput_thousandsServedBefore_deliversArrivedBytes() {
        open(builder -> builder.threads(1));
        try (PeerServer server = new PeerServer()) {
            List<ConnectionPair> others = new ArrayList<>();
            for (int i = 0; i < 2_500; i++) {
                others.add(ConnectionPair.open(sockets, server));
            }
            ConnectionPair blocking = others.remove(0);
            CountDownLatch blocked = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            blocking.near().readSome(1).thenRun(() -> {
                blocked.countDown();
                await(go);
            });
            others.forEach(each -> each.near().readSome(1));
            ConnectionPair last = ConnectionPair.open(sockets, server);
            CompletableFuture<ByteBuffer> read = last.near().readSome(1);
            blocking.far().send("x");
            await(blocked);
            others.forEach(each -> each.far().send("x"));
            last.far().send("y");
            last.near().shutdownInput();
            go.countDown();
            assertEquals(ByteBuffer.wrap(new byte[] {'y'}), Await.value(read));
            others.forEach(ConnectionPair::close);
            blocking.close();
            last.close();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(Await.LIMIT.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void write_failsAfterArrival_keepsArrivedBytes() {
        try (ConnectionPair link = narrow(builder -> builder.writeQueueLimit(1_000))) {
            link.far().send(sent());
            breakConversation(link);
            assertArrayEquals(
                    sent(), Await.value(link.near().readExactly(ARRIVED)).array());
            assertInstanceOf(
                    ClosedChannelException.class, Await.failure(link.near().readSome(1)));
        }
    }

    @Test
    void write_failsAfterReadable_keepsArrivedBytes() {
        try (ConnectionPair link = narrow(builder -> builder.writeQueueLimit(1_000))) {
            link.far().send(sent());
            assertTrue(Await.value(link.near().readable()));
            breakConversation(link);
            assertArrayEquals(
                    sent(), Await.value(link.near().readExactly(ARRIVED)).array());
            assertInstanceOf(
                    ClosedChannelException.class, Await.failure(link.near().readSome(1)));
        }
    }

    private static void breakConversation(ConnectionPair link) {
        CompletableFuture<Void> first = link.near().write(new byte[8 << 20]);
        CompletableFuture<Void> second = link.near().write(new byte[8 << 20]);
        Await.failure(second);
        Await.failure(first);
    }

    private static byte[] sent() {
        byte[] sent = new byte[ARRIVED];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = (byte) (i >> 5 ^ i);
        }
        return sent;
    }
}

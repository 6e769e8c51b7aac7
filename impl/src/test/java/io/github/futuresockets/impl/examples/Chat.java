package io.github.futuresockets.impl.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.ShutdownReport;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A chat server. Each line of a member is sent to all members. A member is dropped if the connection does not take the
 * lines fast enough. No line is dropped for a member who stays.
 */
final class Chat {
    private final Set<AsyncSocket> members = ConcurrentHashMap.newKeySet();
    private final AsyncServerSocket server;

    /** Opens the chat on a listener. The sockets of the listener must have the {@link #limits} of a chat. */
    Chat(AsyncServerSocket server) {
        this.server = server;
        server.stopping().thenRun(() -> tell("The chat is over."));
        server.serve(this::welcome);
    }

    /** Drops a member if more than 256 KiB are pending, or if pending bytes make no progress for 30 seconds. */
    static AsyncSockets.Builder limits(AsyncSockets.Builder builder) {
        return builder.writeQueueLimit(256 << 10).writeTimeout(Duration.ofSeconds(30));
    }

    private CompletableFuture<Void> welcome(AsyncSocket member) {
        members.add(member);
        CompletableFuture<Void> talk = AsyncLoop.forEach(member::readLine, line -> {
            tell(line);
            return member.writable(); // back-pressure, so that a member without reads cannot send
        });
        return talk.whenComplete((end, failure) -> members.remove(member));
    }

    /** Sends a line to all members, in a common array. If a write fails, the connection of the member ends. */
    private void tell(String line) {
        byte[] bytes = (line + "\n").getBytes(UTF_8);
        members.forEach(member -> member.write(bytes));
    }

    /** Ends the chat. New members are refused. All members receive the pending lines and a last line. */
    CompletableFuture<ShutdownReport> stop(Duration grace) {
        return server.shutdown(grace);
    }
}

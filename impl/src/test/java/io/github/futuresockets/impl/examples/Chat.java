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
 * Whatever line a member says, everybody hears. A member who does not listen is dropped, not the lines for it: those who are
 * in the chat have heard all of it.
 */
final class Chat {
    private final Set<AsyncSocket> members = ConcurrentHashMap.newKeySet();
    private final AsyncServerSocket server;

    /** Opens it to those who connect to a listener of sockets with these {@link #limits}. */
    Chat(AsyncServerSocket server) {
        this.server = server;
        server.stopping().thenRun(() -> tell("The chat is over."));
        server.serve(this::welcome);
    }

    /** More than that does not wait for a member, nor longer: it is dropped, and costs nobody anything any more. */
    static AsyncSockets.Builder limits(AsyncSockets.Builder builder) {
        return builder.writeQueueLimit(256 << 10).writeTimeout(Duration.ofSeconds(30));
    }

    private CompletableFuture<Void> welcome(AsyncSocket member) {
        members.add(member);
        CompletableFuture<Void> talk = AsyncLoop.forEach(member::readLine, line -> {
            tell(line);
            return member.writable(); // who speaks must listen: only then the next line is taken
        });
        return talk.whenComplete((end, failure) -> members.remove(member));
    }

    /** One array for all of them; a failed write ends the conversation with that member. */
    private void tell(String line) {
        byte[] bytes = (line + "\n").getBytes(UTF_8);
        members.forEach(member -> member.write(bytes));
    }

    /** Nobody new is let in, everybody hears the last line and what was said before it, and then it is over. */
    CompletableFuture<ShutdownReport> stop(Duration grace) {
        return server.shutdown(grace);
    }
}

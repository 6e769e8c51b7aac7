package io.github.futuresockets.impl.observe;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** A separate program with a conversation, with or without a recording. */
public final class RecordedConversation {
    private RecordedConversation() {}

    /**
     * Runs the program.
     *
     * @param arguments the name of the provider, and the threshold of recorded reads and writes or "without"
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments[1].equals("without")) {
            converse(arguments[0]);
            System.out.println("recorder: " + (Recorder.HERE.getClass() != Recorder.class));
            return;
        }
        Path file = Files.createTempFile("conversation", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable("futuresockets.Read").withThreshold(Duration.parse(arguments[1]));
            recording.enable("futuresockets.Write").withThreshold(Duration.parse(arguments[1]));
            recording.start();
            converse(arguments[0]);
            recording.stop();
            recording.dump(file);
            RecordingFile.readAllEvents(file).stream()
                    .filter(each -> each.getEventType().getName().startsWith("futuresockets."))
                    .forEach(RecordedConversation::print);
        } finally {
            Files.delete(file);
        }
    }

    private static void print(RecordedEvent event) {
        StringBuilder line = new StringBuilder(event.getEventType().getName());
        for (String field :
                new String[] {"operation", "arrived", "bytes", "bytesIn", "bytesOut", "reason", "failure"}) {
            if (event.hasField(field)) {
                line.append(' ').append(field).append('=').append(event.<Object>getValue(field));
            }
        }
        System.out.println(line);
    }

    private static void converse(String provider) throws Exception {
        try (AsyncSockets sockets =
                AsyncSockets.builder().provider(provider).threads(1).build()) {
            AsyncServerSocket server = sockets.listen("127.0.0.1", 0);
            server.serve(each -> AsyncLoop.forEach(each::readLine, each::writeLine));
            AsyncSocket socket = Await.value(sockets.connect("127.0.0.1", server.port()));
            Await.value(socket.writeLine("hello"));
            Await.value(socket.readLine());
            CompletableFuture<String> never = socket.readLine();
            never.thenApply(String::length).cancel(false);
            System.out.println("withdrawn: " + never.isDone());
            socket.close();
            Await.value(socket.closed());
            Await.failure(sockets.connect("127.0.0.1", 1));
            Await.until("an end", () -> sockets.stats().open() == 0);
        }
    }
}

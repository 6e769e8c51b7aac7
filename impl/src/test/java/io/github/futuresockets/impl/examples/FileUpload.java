package io.github.futuresockets.impl.examples;

import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncSocket;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * An upload of a file, in blocking style. The client sends a line with the length, and the bytes. The server replies
 * with a line, "stored" or the number of missing bytes.
 */
final class FileUpload {
    private FileUpload() {}

    /** Stores the bytes of a client in a file, and replies. */
    static void receive(AsyncSocket socket, Path file) throws Exception {
        long missing = Long.parseLong(AsyncScope.await(socket.expectLine())) - Files.copy(socket.inputStream(), file);
        socket.writeLine(missing == 0 ? "stored" : missing + " bytes are missing");
    }

    /** Sends a file, and returns the reply. Reports the length of each written piece to {@code progress}. */
    static String send(AsyncSocket socket, InputStream file, long length, LongConsumer progress) throws Exception {
        socket.writeLine(Long.toString(length));
        for (byte[] some = file.readNBytes(65_536); some.length > 0; some = file.readNBytes(65_536)) {
            socket.outputStream().write(some);
            progress.accept(some.length);
        }
        socket.shutdownOutput();
        return AsyncScope.await(socket.expectLine());
    }
}

package io.github.futuresockets.impl.examples;

import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncSocket;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Sends a file and sees it go: its length as a line, its bytes, and a line that says whether all of them came. */
final class FileUpload {
    private FileUpload() {}

    /** Stores what a client sends. */
    static void receive(AsyncSocket socket, Path file) throws Exception {
        long missing = Long.parseLong(AsyncScope.await(socket.expectLine())) - Files.copy(socket.inputStream(), file);
        socket.writeLine(missing == 0 ? "stored" : missing + " bytes are missing");
    }

    /** Sends a file of that length; progress hears of every piece that is on its way. The server's verdict. */
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

package io.github.futuresockets.impl.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files of tests. Their names are gone at once, and the rest with the channel. */
public final class TestFiles {
    private TestFiles() {}

    /** A file with this content, at its beginning, to read and to write. */
    public static FileChannel of(byte[] content) {
        try {
            Path path = Files.createTempFile("futuresockets", ".bin");
            FileChannel file = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            for (ByteBuffer bytes = ByteBuffer.wrap(content); bytes.hasRemaining(); ) {
                file.write(bytes);
            }
            return file.position(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that is in the file. */
    public static byte[] content(FileChannel file) {
        try {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            while (bytes.hasRemaining() && file.read(bytes, bytes.position()) >= 0) {
                continue;
            }
            return bytes.array();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.github.futuresockets.impl.channel;

import io.github.futuresockets.impl.common.Log;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** The file of a Unix-domain listener, made by the bind. */
final class SocketFile {
    private final Path path;

    /** The key of the file, or the creation time if the file system has no keys. */
    private final Object identity;

    private SocketFile(Path path, Object identity) {
        this.path = path;
        this.identity = identity;
    }

    /** Reads the identity of a file. Tests replace the file system. */
    interface Identities {
        Object of(Path path) throws IOException;
    }

    /**
     * Returns the file of a newly bound listener. Returns null if the address is not Unix-domain, or has no path. If
     * the attributes of the file cannot be read, deletes the file, because the listener cannot be opened then.
     *
     * @throws IOException if the attributes of the file cannot be read
     */
    static @Nullable SocketFile of(SocketAddress bound) throws IOException {
        return of(bound, SocketFile::identity);
    }

    static @Nullable SocketFile of(SocketAddress bound, Identities identities) throws IOException {
        if (!(bound instanceof UnixDomainSocketAddress unix)
                || unix.getPath().toString().isEmpty()) {
            return null;
        }
        Path path = unix.getPath().toAbsolutePath();
        try {
            return new SocketFile(path, identities.of(path));
        } catch (Throwable e) {
            delete(path);
            throw e;
        }
    }

    /** Returns the key of a file. Returns the creation time if the file system has no keys. */
    private static Object identity(Path path) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return attributes.fileKey() != null ? attributes.fileKey() : attributes.creationTime();
    }

    /**
     * Deletes the file, unless another file has taken its place. Call while the listener is open, because after the
     * close another file can get the same key. A failure is logged.
     */
    void delete() {
        boolean own;
        try {
            own = identity(path).equals(identity);
        } catch (IOException e) {
            Log.log(Level.DEBUG, "the file of the listener on " + path, e);
            return;
        }
        if (own) {
            delete(path);
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            Log.log(Level.DEBUG, "the file of the listener on " + path, e);
        }
    }
}

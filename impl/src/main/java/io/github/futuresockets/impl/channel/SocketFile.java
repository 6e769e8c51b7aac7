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

/** The file that the bind of a Unix-domain listener has made. */
final class SocketFile {
    private final Path path;
    private final Object identity;

    private SocketFile(Path path, Object identity) {
        this.path = path;
        this.identity = identity;
    }

    /** The file of a listener that has just been bound to this address; null if the address has none. */
    static @Nullable SocketFile of(@Nullable SocketAddress bound) throws IOException {
        if (!(bound instanceof UnixDomainSocketAddress)) {
            return null;
        }
        Path path = ((UnixDomainSocketAddress) bound).getPath();
        return path.toString().isEmpty() ? null : new SocketFile(path.toAbsolutePath(), identity(path));
    }

    /** Where files have no key, the time at which one was made has to do. */
    private static Object identity(Path path) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return attributes.fileKey() != null ? attributes.fileKey() : attributes.creationTime();
    }

    /**
     * Deletes the file, unless somebody has put another one in its place. To be called while the listener is still open: the key of
     * a file cannot be used again before.
     */
    void delete() {
        try {
            if (identity(path).equals(identity)) {
                Files.delete(path);
            }
        } catch (IOException e) {
            Log.log(Level.DEBUG, "the file of the listener on " + path, e);
        }
    }
}

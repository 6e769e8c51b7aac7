package io.github.futuresockets.impl.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file whose direct transfer by the kernel fails. Reads succeed up to the end of the content. */
public final class StubbornFile extends FileChannel {
    private final byte[] content;
    private final IOException failure;
    private long position;

    /** Creates a file. After the content, reads fail with {@code failure}, or end if {@code failure} is null. */
    public StubbornFile(byte[] content, IOException failure) {
        this.content = content;
        this.failure = failure;
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        throw new IOException("Invalid argument");
    }

    @Override
    public int read(ByteBuffer dst, long from) throws IOException {
        int length = (int) Math.min(dst.remaining(), content.length - from);
        if (length > 0) {
            dst.put(content, (int) from, length);
            return length;
        }
        if (failure != null) {
            throw failure;
        }
        return -1;
    }

    @Override
    public long size() {
        return content.length + 1_000;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long next) {
        position = next;
        return this;
    }

    private static UnsupportedOperationException none() {
        return new UnsupportedOperationException("not asked for");
    }

    @Override
    public int read(ByteBuffer dst) {
        throw none();
    }

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) {
        throw none();
    }

    @Override
    public int write(ByteBuffer src) {
        throw none();
    }

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) {
        throw none();
    }

    @Override
    public int write(ByteBuffer src, long from) {
        throw none();
    }

    @Override
    public FileChannel truncate(long size) {
        throw none();
    }

    @Override
    public void force(boolean metaData) {
        throw none();
    }

    @Override
    public long transferFrom(ReadableByteChannel src, long from, long count) {
        throw none();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long size) {
        throw none();
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) {
        throw none();
    }

    @Override
    public FileLock tryLock(long from, long size, boolean shared) {
        throw none();
    }

    @Override
    protected void implCloseChannel() {
        position = 0;
    }
}

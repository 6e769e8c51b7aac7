package io.github.futuresockets.impl;

/** The size of the chunk for the next fill: grows at once, shrinks slowly. Used by one fill at a time. */
final class FillSize {
    private static final int SHRINK_AFTER = 16;

    private int size = Chunks.SMALL;
    private int underused;

    int get() {
        return size;
    }

    /** A fill has brought so many bytes. */
    void brought(int count) {
        if (count > size / 2) {
            size = count == size ? Chunks.LARGE : size;
            underused = 0;
        } else if (size > Chunks.SMALL && count <= Chunks.SMALL && ++underused > SHRINK_AFTER) {
            size = Chunks.SMALL;
            underused = 0;
        }
    }
}

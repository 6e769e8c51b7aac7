package io.github.futuresockets.impl.connection;

/** The points between the steps of a read at which tests intervene. {@link #NONE} does nothing. */
public class Hook {
    /** The hook outside tests. */
    public static final Hook NONE = new Hook();

    /**
     * Returns true if a read may take its bytes. Called under the lock of the read state.
     *
     * @param pending true if the read is still pending, as the read state sees the read
     */
    public boolean claim(boolean pending) {
        return pending;
    }

    /** Called after the claim of a read and before the completion of its future, under no lock. */
    public void claimed() {}

    /** Called on the loop before a connection is upgraded, under no lock. */
    public void upgrading() {}

    /** Called after the transport filled a lent buffer and before the read gets the bytes, under no lock. */
    public void lent() {}
}

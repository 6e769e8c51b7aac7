package io.github.futuresockets.impl;

/** Where tests stand between the steps of a read; the one in use does nothing. */
class Hook {
    static final Hook NONE = new Hook();

    /** Under the lock of the read side: whether a read may take its bytes. */
    boolean claim(boolean pending) {
        return pending;
    }

    /** After the claim, before the future is completed, under no lock. */
    void claimed() {}

    /** On the loop, before a connection is handed over to another one: under no lock. */
    void handingOver() {}

    /** A buffer that a read lends has got bytes, which the read has not: under no lock. */
    void lent() {}
}

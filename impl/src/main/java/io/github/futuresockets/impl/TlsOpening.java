package io.github.futuresockets.impl;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The handshake of a {@link TlsTransport}: moves its bytes, and runs the engine's tasks. */
final class TlsOpening implements Transport.Writer {
    /*
     * All on the loop's thread. At most one of these is under way: a fill below, a flush of the pump, the engine's tasks; each
     * calls back, and then it goes on. `filling` tells of a fill, which may also be one that was begun before the handshake.
     * Once it is over what calls back is too late, and is dropped.
     */
    private final Transport below;
    private final String name;
    private final SSLEngine engine;
    private final TlsReading reading;
    private final TlsPump pump;
    private final TlsTasks tasks;
    private final TlsHandshake handshake;
    private @Nullable Consumer<@Nullable IOException> ended;
    private @Nullable IOException failure;
    private Runnable callOff = () -> {};
    private boolean filling;
    private boolean over;

    TlsOpening(TlsTransport tls, SSLEngine engine, TlsReading reading, TlsPump pump, TlsTasks tasks) {
        this.below = tls.below();
        this.name = "TLS handshake with " + below.remoteAddress();
        this.engine = engine;
        this.reading = reading;
        this.pump = pump;
        this.tasks = tasks;
        this.handshake = new TlsHandshake(engine, reading);
    }

    /** Begins, with bytes that are here already and a fill that is under way, if there are. */
    void begin(@Nullable ByteBuffer early, boolean isFilling, Consumer<@Nullable IOException> whenEnded) {
        ended = whenEnded;
        if (over) {
            end(failure);
            return;
        }
        filling = isFilling;
        pump.answer(this);
        goOn(early);
    }

    private void goOn() {
        goOn(null);
    }

    /** Goes on with what has arrived. Whatever is thrown fails the handshake. */
    private void goOn(@Nullable ByteBuffer arrived) {
        try {
            if (arrived != null) {
                reading.add(arrived);
            }
            while (!over && advance()) {
                continue;
            }
        } catch (Throwable e) {
            fail(Errors.asIOException(name, e));
        }
    }

    /** One thing that there is to do; false if it calls back. */
    private boolean advance() throws IOException {
        switch (handshake.next()) {
            case READ:
                return fill();
            case WRITE:
                return flush();
            case TASKS:
                callOff = tasks.run(engine, below.loop(), this::worked);
                return false;
            default:
                end(null);
                return false;
        }
    }

    private void worked(@Nullable Throwable failed) {
        if (failed == null) {
            goOn();
        } else {
            fail(TlsTasks.failure(failed));
        }
    }

    /** Whether a fill below has not been answered. */
    boolean isFilling() {
        return filling;
    }

    private boolean fill() throws IOException {
        if (filling) {
            return false;
        }
        int count = below.fill(reading.room(), false);
        filling = count == Transport.PENDING;
        if (count < 0 && !filling) {
            throw new EOFException("the peer has ended the connection");
        }
        if (!filling) {
            reading.add(below.filled());
        }
        return !filling;
    }

    private boolean flush() throws IOException {
        try {
            return pump.write(TlsPump.FLUSH) != Transport.PENDING;
        } catch (IOException e) {
            if (isAgreed(e)) {
                return true;
            }
            throw e;
        }
    }

    /**
     * A peer may send, end and be gone as soon as it knows that we have come to terms, while we have tickets for it. What it has
     * sent can be read; that we cannot write is told to who tries.
     */
    private boolean isAgreed(IOException failure) {
        try {
            return !(failure instanceof SSLException) && engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
        } catch (Throwable e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    void filled(@Nullable ByteBuffer chunk, @Nullable IOException failure) {
        filling = false;
        if (chunk != null) {
            goOn(chunk);
        } else {
            fail(failure != null ? failure : new EOFException("the peer has ended the connection"));
        }
    }

    @Override
    public void wrote(int count, @Nullable IOException failure) {
        if (failure != null && !isAgreed(failure)) {
            fail(failure);
        } else {
            goOn();
        }
    }

    @Override
    public void progress() {}

    /** Ends it, unless it has ended. */
    void fail(IOException cause) {
        if (!over) {
            end(Errors.handshake(name, cause));
        }
    }

    /** It may be given up before it has begun. */
    private void end(@Nullable IOException why) {
        over = true;
        failure = why;
        callOff.run();
        if (ended != null) {
            ended.accept(why);
        }
    }
}

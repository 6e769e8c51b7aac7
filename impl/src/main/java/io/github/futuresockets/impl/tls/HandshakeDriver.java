package io.github.futuresockets.impl.tls;

import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.transport.Transport;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The driver of the handshake of a {@link TlsTransport}. Moves the bytes of the handshake, and runs the tasks of the
 * engine.
 */
final class HandshakeDriver implements Transport.Writer {
    /*
     * All fields and methods belong to the loop's thread. The driver begins one operation at a time: a fill below, a
     * flush of the pump, or the engine's tasks. Each operation calls back, and the driver continues in the callback. A
     * callback after the end of the handshake is dropped.
     *
     * `filling` is true while a fill below is pending. The pending fill may have begun before the handshake.
     */
    private final Transport below;
    private final String name;
    private final SSLEngine engine;
    private final RecordDecoder reading;
    private final RecordWriter pump;
    private final TlsExecutor tasks;
    private final HandshakeStep handshake;

    // The loop's thread's alone.
    private @Nullable Consumer<@Nullable IOException> ended;
    private @Nullable IOException failure;
    private Runnable callOff = () -> {};
    private boolean filling;
    private boolean over;

    HandshakeDriver(TlsTransport tls, SSLEngine engine, RecordDecoder reading, RecordWriter pump, TlsExecutor tasks) {
        this.below = tls.below();
        this.name = "TLS handshake with " + below.remoteAddress();
        this.engine = engine;
        this.reading = reading;
        this.pump = pump;
        this.tasks = tasks;
        this.handshake = new HandshakeStep(engine, reading);
    }

    /**
     * Begins the handshake.
     *
     * @param early bytes that have arrived before, or null
     * @param isFilling true if a fill below is pending
     * @param whenEnded gets null after success, or the failure; called once
     */
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

    /** Continues with the bytes that have arrived, if any. Any exception fails the handshake. */
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

    /** Does the next step. Returns false if the step calls back later, or if the handshake has ended. */
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
            fail(TlsExecutor.failure(failed));
        }
    }

    /** Returns true if a fill below is pending. */
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
            return pump.write(RecordWriter.FLUSH) != Transport.PENDING;
        } catch (IOException e) {
            if (isAgreed(e)) {
                return true;
            }
            throw e;
        }
    }

    /**
     * Returns true if the handshake has succeeded in spite of a failed write. A peer may send, end its stream and close
     * as soon as the handshake is done, while session tickets for the peer are still unsent. The bytes of the peer can
     * be read. The next write reports the failure.
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

    /** Ends the handshake with a failure, unless the handshake has ended. */
    void fail(IOException cause) {
        if (!over) {
            end(Errors.handshake(name, cause));
        }
    }

    /** Ends the handshake. The end may come before {@link #begin}. */
    private void end(@Nullable IOException why) {
        over = true;
        failure = why;
        callOff.run();
        if (ended != null) {
            ended.accept(why);
        }
    }
}

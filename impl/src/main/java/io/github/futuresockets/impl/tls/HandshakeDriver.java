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
final class HandshakeDriver {
    /*
     * All fields and methods belong to the loop's thread. The driver takes steps until a step has to wait for the
     * transport below or for the engine's tasks. Each signal continues the driver. While the tasks run, no step is
     * taken. While records wait to be sent, the only step is the flush. A signal after the end of the handshake is
     * dropped.
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

    /** True while the tasks of the engine run. */
    private boolean working;

    /** True from a flush without room until the flush has ended. */
    private boolean flushing;

    /** True while a step is taken. */
    private boolean driving;

    /** True if a signal has come within the step. Then the next step follows, even if the step has to wait. */
    private boolean signalled;

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
     * @param whenEnded gets null after success, or the failure; called once
     */
    void begin(@Nullable ByteBuffer early, Consumer<@Nullable IOException> whenEnded) {
        boolean failedBefore = over;
        ended = whenEnded;
        try {
            if (early != null) {
                reading.add(early);
            }
            drive();
        } catch (Throwable e) {
            fail(Errors.asIOException(name, e));
        }
        if (failedBefore) {
            end(failure);
        }
    }

    /** Takes steps until a step has to wait. Any exception fails the handshake. */
    void drive() {
        signalled = driving;
        if (driving || ended == null) {
            return;
        }
        driving = true;
        try {
            do {
                signalled = false;
            } while (!over && !working && (advance() || signalled));
        } catch (Throwable e) {
            fail(Errors.asIOException(name, e));
        } finally {
            driving = false;
        }
    }

    /** Takes the next step. Returns false if the step has to wait, or if the handshake has ended. */
    private boolean advance() throws IOException {
        switch (flushing ? HandshakeStep.Next.WRITE : handshake.next()) {
            case READ:
                return read();
            case WRITE:
                return flush();
            case TASKS:
                working = true;
                callOff = tasks.run(engine, below.loop(), this::worked);
                return !working;
            default:
                end(null);
                return false;
        }
    }

    private void worked(@Nullable Throwable failed) {
        working = false;
        if (failed == null) {
            drive();
        } else {
            fail(TlsExecutor.failure(failed));
        }
    }

    private boolean read() throws IOException {
        ByteBuffer arrived = below.read(reading.room(), false);
        if (arrived == null) {
            throw new EOFException("the peer has ended the connection");
        }
        if (!arrived.hasRemaining()) {
            below.awaitReadable();
            return false;
        }
        reading.add(arrived);
        return true;
    }

    private boolean flush() throws IOException {
        try {
            flushing = !pump.flush();
            if (flushing) {
                pump.awaitWritable();
            }
            return !flushing;
        } catch (IOException e) {
            flushing = false;
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

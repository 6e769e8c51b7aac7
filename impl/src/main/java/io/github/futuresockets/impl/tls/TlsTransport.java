package io.github.futuresockets.impl.tls;

import io.github.futuresockets.TlsSession;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A transport that encrypts, over another transport. This class has the reading half. {@link RecordWriter} has the
 * writing half.
 */
public final class TlsTransport implements Transport, Transport.Reader {
    /*
     * Before the end of the handshake, `opening` uses both halves on the loop's thread, and no other code does. A close
     * during the handshake drops the connection.
     *
     * After the handshake the reading half belongs to the pending fill: `reading`, `most` and `full`. At most one fill
     * of the transport below is pending, and none while the tasks of the engine run. An engine lets one thread read
     * while another thread writes.
     */
    private final Transport below;
    private final SSLEngine engine;
    private final TlsExecutor tasks;
    private final RecordDecoder reading;
    private final RecordWriter pump;

    // The loop's thread's alone, during the handshake.
    private long began;

    // Set while no operation is pending.
    private @Nullable Reader reader;
    private @Nullable Writer writer;

    // One fill's at a time.
    private int most;

    /** True while too many answers to the peer wait to be sent. No record is decrypted until they have left. */
    private boolean full;

    /** True if the handshake has ended while a fill below was pending. Set once, on the loop. */
    private boolean busy;

    /** The handshake in progress; null after its end. */
    private volatile @Nullable HandshakeDriver opening;

    /**
     * True if a close sends no last record. A stream that was cut short must not look like an orderly end. False after
     * a failure of the engine, because the engine then has an alert to send.
     */
    private volatile boolean suppressCloseNotify = true;

    /**
     * True if a half-close sends no close_notify. Because the peer may regard a failed handshake as done, a
     * close_notify would look like an orderly end.
     */
    private volatile boolean suppressShutdown;

    public TlsTransport(Transport below, SSLEngine engine, TlsExecutor tasks) {
        this.below = below;
        this.engine = engine;
        this.tasks = tasks;
        this.reading = new RecordDecoder(engine, below.loop().chunks());
        this.pump = new RecordWriter(engine, below);
        this.opening = new HandshakeDriver(this, engine, reading, pump, tasks);
    }

    Transport below() {
        return below;
    }

    /**
     * Begins the handshake. On the loop's thread.
     *
     * @param early bytes that have arrived before, or null
     * @param filling true if a fill of the transport below is pending
     * @param ended gets null after success, or the failure, on the loop's thread
     */
    public void open(@Nullable ByteBuffer early, boolean filling, Consumer<@Nullable IOException> ended) {
        began = System.currentTimeMillis();
        below.connect(this, pump);
        HandshakeDriver begins = Objects.requireNonNull(opening);
        begins.begin(early, filling, failure -> {
            IOException why = failure != null ? failure : opened();
            busy = begins.isFilling();
            pump.answer(writes());
            opening = null;
            if (why != null) {
                reading.drop();
                suppressCloseNotify = !(why.getCause() instanceof SSLException);
                suppressShutdown = suppressCloseNotify;
            }
            ended.accept(why);
        });
    }

    /** Ends the handshake on the reading side. Returns the failure if the engine throws, or null. */
    private @Nullable IOException opened() {
        try {
            reading.open();
            return null;
        } catch (Throwable e) {
            String what = "TLS handshake with " + remoteAddress();
            return Errors.handshake(what, Errors.asIOException(what, e));
        }
    }

    @Override
    public void released() {
        reading.drop();
        below.released();
    }

    /**
     * Ends a handshake that takes too long, or that is no longer wanted. Without effect after the handshake. On the
     * loop's thread.
     *
     * @param up the failure of the handshake
     */
    public void give(IOException up) {
        HandshakeDriver underWay = opening;
        if (underWay != null) {
            underWay.fail(up);
        }
    }

    /** Returns true if the handshake has ended while a fill of the transport below was pending. */
    public boolean isBusy() {
        return busy;
    }

    @Override
    public boolean isOpening() {
        return opening != null;
    }

    @Override
    public void connect(Reader reads, Writer writes) {
        reader = reads;
        writer = writes;
        if (opening == null) {
            pump.answer(writes);
        }
    }

    private Writer writes() {
        return Objects.requireNonNull(writer);
    }

    private Reader reads() {
        return Objects.requireNonNull(reader);
    }

    @Override
    public int fill(int size, boolean ask) throws IOException {
        most = size;
        while (true) {
            int count = decrypt();
            if (count != 0) {
                return count;
            }
            count = below.fill(reading.room(), ask);
            if (count == PENDING) {
                return PENDING;
            }
            if (count < 0) {
                cut();
                return -1;
            }
            reads().progress();
            reading.add(below.filled());
        }
    }

    /** Ends the stream after the end of the transport below. Fails unless a close_notify came before. */
    private void cut() throws IOException {
        try {
            reading.cut();
        } catch (SSLException e) {
            throw named(e);
        }
    }

    /**
     * Decrypts buffered records. Returns the number of bytes, 0 if more bytes are needed, or -1 at the end of the
     * stream. Returns PENDING while the tasks of the engine run, or while too many answers wait.
     */
    private int decrypt() throws IOException {
        full = full && pump.holds(() -> goOn(null));
        if (full) {
            return PENDING;
        }
        RecordDecoder.Step step;
        try {
            step = reading.step();
            int responsesDue = reading.takeResponsesDue();
            full = responsesDue > 0 && pump.reply(responsesDue, reading.takeData());
        } catch (SSLException e) {
            suppressCloseNotify = !reading.hasFailed();
            throw named(e);
        }
        switch (step) {
            case DATA:
                return reading.available(most);
            case END:
                return -1;
            case TASKS:
                tasks.run(engine, loop(), this::worked);
                return PENDING;
            default:
                return 0;
        }
    }

    private IOException named(SSLException e) {
        return Errors.tls("TLS with " + remoteAddress(), e);
    }

    @Override
    public ByteBuffer filled() {
        return reading.take(most);
    }

    @Override
    public void filled(@Nullable ByteBuffer chunk, @Nullable IOException failure) {
        HandshakeDriver underWay = opening;
        if (underWay != null) {
            underWay.filled(chunk, failure);
            return;
        }
        if (failure != null) {
            reads().filled(null, failure);
        } else if (chunk != null) {
            goOn(chunk);
        } else {
            end();
        }
    }

    private void end() {
        IOException end = null;
        try {
            cut();
        } catch (IOException e) {
            end = e;
        }
        reads().filled(null, end);
    }

    /**
     * Continues the pending fill on the loop's thread, with the bytes that have arrived, if any. Any exception
     * completes the fill with a failure.
     */
    private void goOn(@Nullable ByteBuffer arrived) {
        int count;
        ByteBuffer chunk = null;
        IOException failure = null;
        try {
            if (arrived != null) {
                reads().progress();
                reading.add(arrived);
            }
            count = fill(most, false);
            chunk = count > 0 ? filled() : null;
        } catch (Throwable e) {
            count = -1;
            failure = Errors.asIOException("read from " + remoteAddress(), e);
        }
        if (count != PENDING) {
            reads().filled(chunk, failure);
        }
    }

    private void worked(@Nullable Throwable failed) {
        if (failed == null) {
            reads().progress();
            goOn(null);
        } else {
            reads().filled(null, Errors.again("TLS with " + remoteAddress(), TlsExecutor.failure(failed)));
        }
    }

    @Override
    public void progress() {
        reads().progress();
    }

    @Override
    public boolean isWithinRecord() {
        return full || reading.isWithinRecord();
    }

    @Override
    public void retry() {
        below.retry();
    }

    @Override
    public int write(ByteBuffer chunk) throws IOException {
        return pump.write(chunk);
    }

    @Override
    public int shutdownOutput(boolean last) throws IOException {
        return suppressShutdown ? below.shutdownOutput(last) : pump.end(last);
    }

    @Override
    public void close(boolean reset, Runnable released) {
        try {
            give(Errors.closedMeanwhile("the socket was closed"));
            pump.close(reset || suppressCloseNotify);
        } finally {
            below.close(reset, released);
        }
    }

    /** Returns the session. A session that is older than this connection counts as resumed. */
    @Override
    public Optional<TlsSession> tlsSession() {
        SSLSession session = engine.getSession();
        List<Certificate> peer;
        try {
            peer = List.of(session.getPeerCertificates());
        } catch (SSLPeerUnverifiedException none) {
            peer = List.of();
        }
        String application = engine.getApplicationProtocol();
        return Optional.of(new TlsSession(
                session.getProtocol(),
                session.getCipherSuite(),
                application == null ? "" : application,
                peer,
                session.getCreationTime() < began));
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return below.getOption(name);
    }

    @Override
    public <T> void setOption(SocketOption<T> name, T value) throws IOException {
        below.setOption(name, value);
    }

    @Override
    public SocketAddress localAddress() {
        return below.localAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return below.remoteAddress();
    }

    @Override
    public IoLoop loop() {
        return below.loop();
    }
}

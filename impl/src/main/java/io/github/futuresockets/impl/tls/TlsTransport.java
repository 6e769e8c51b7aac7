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
public final class TlsTransport implements Transport, Transport.Listener {
    /*
     * Before the end of the handshake, `opening` uses both halves on the loop's thread, and no other code does. A close
     * during the handshake drops the connection.
     *
     * After the handshake the reading half belongs to the reading thread. A read decrypts what has arrived. While the
     * tasks of the engine run (`working`), and while too many answers wait (`full`), a read finds nothing, and the end
     * of the condition sends a signal. An engine lets one thread read while another thread writes.
     */
    private final Transport below;
    private final SSLEngine engine;
    private final TlsExecutor tasks;
    private final RecordDecoder reading;
    private final RecordWriter pump;

    // The loop's thread's alone.
    /** The time of the beginning of the handshake. */
    private long began;

    /** True after the close. No signal comes from then on. */
    private boolean closed;

    /** The continuation of {@link #settles}, until the end of the tasks. */
    private @Nullable Runnable settling;

    // Set before the first request, or on the loop while no thread reads or writes.
    private @Nullable Listener listener;

    // The reading thread's alone.
    /** True while too many answers to the peer wait to be sent. No record is decrypted until they have left. */
    private boolean full;

    // Set by the reading thread, cleared on the loop.
    /** True while the tasks of the engine run. */
    private volatile boolean working;

    // Set on the loop before `working` is cleared.
    /** The failure of a task that the engine does not report itself. */
    private @Nullable IOException broken;

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

    /** Makes a transport over {@code below}. The handshake has not begun. */
    public TlsTransport(Transport below, SSLEngine engine, TlsExecutor tasks) {
        this.below = below;
        this.engine = engine;
        this.tasks = tasks;
        this.reading = new RecordDecoder(engine, below.loop().chunks());
        this.pump = new RecordWriter(engine, below, this::jobEnded, this::sent);
        this.opening = new HandshakeDriver(this, engine, reading, pump, tasks);
    }

    Transport below() {
        return below;
    }

    /**
     * Begins the handshake. On the loop's thread, while no other thread uses the transport below.
     *
     * @param early bytes that have arrived before, or null
     * @param ended gets null after success, or the failure, on the loop's thread
     */
    public void open(@Nullable ByteBuffer early, Consumer<@Nullable IOException> ended) {
        began = System.currentTimeMillis();
        below.listen(this);
        Objects.requireNonNull(opening).begin(early, failure -> {
            IOException why = failure != null ? failure : opened();
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
        pump.released();
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

    /** Returns true if a byte of the peer has arrived. For the thread that reads, or after the handshake on the loop. */
    public boolean hasHeard() {
        return reading.hasHeard();
    }

    @Override
    public boolean isOpening() {
        return opening != null;
    }

    @Override
    public void listen(Listener who) {
        listener = who;
    }

    private Listener listener() {
        return Objects.requireNonNull(listener);
    }

    @Override
    public @Nullable ByteBuffer read(int max, boolean ask) throws IOException {
        while (true) {
            full = full && pump.holds(this::readable);
            if (full || working) {
                return NOTHING;
            }
            switch (decrypt()) {
                case DATA:
                    return reading.take(max);
                case END:
                    return null;
                case TASKS:
                    working = true;
                    tasks.run(engine, loop(), this::worked);
                    continue;
                default:
                    break;
            }
            if (!full) {
                ByteBuffer arrived = below.read(reading.room(), ask);
                if (arrived == null) {
                    cut();
                    return null;
                }
                if (!arrived.hasRemaining()) {
                    return NOTHING;
                }
                listener().received();
                reading.add(arrived);
            }
        }
    }

    /** Decrypts buffered records, and sends the answers of the engine. */
    private RecordDecoder.Step decrypt() throws IOException {
        if (broken != null) {
            throw broken;
        }
        try {
            RecordDecoder.Step step = reading.step();
            int responsesDue = reading.takeResponsesDue();
            full = responsesDue > 0 && pump.reply(responsesDue, reading.takeData());
            return step;
        } catch (SSLException e) {
            suppressCloseNotify = !reading.hasFailed();
            throw named(e);
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

    private IOException named(SSLException e) {
        return Errors.tls("TLS with " + remoteAddress(), e);
    }

    /** Notes the end of the tasks of the engine. On the loop. */
    private void worked(@Nullable Throwable failed) {
        if (failed != null) {
            broken = Errors.again("TLS with " + remoteAddress(), TlsExecutor.failure(failed));
        }
        working = false;
        if (!closed) {
            listener().received();
            listener().readable();
            settle(settling);
        }
    }

    @Override
    public void awaitReadable() {
        if (!full && !working) {
            below.awaitReadable();
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>While the tasks of the engine run, a read finds nothing, although bytes may have arrived. Then {@code then} runs
     * after the end of the tasks.
     */
    @Override
    public boolean settles(Runnable then) {
        if (!working) {
            return below.settles(then);
        }
        loop().execute(() -> settle(then));
        return false;
    }

    /** Runs the continuation of {@link #settles}, or keeps the continuation until the end of the tasks. On the loop. */
    private void settle(@Nullable Runnable then) {
        boolean waits = working;
        settling = waits ? then : null;
        if (!waits && then != null && below.settles(then)) {
            then.run();
        }
    }

    @Override
    public boolean isWithinRecord() {
        return full || reading.isWithinRecord();
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        return pump.write(src);
    }

    @Override
    public void awaitWritable() {
        pump.awaitWritable();
    }

    @Override
    public boolean shutdownOutput(boolean last) throws IOException {
        return suppressShutdown ? below.shutdownOutput(last) : pump.end(last);
    }

    @Override
    public void close(boolean reset, Runnable whenClosed) {
        closed = true;
        try {
            give(Errors.closedMeanwhile("the socket was closed"));
            pump.close(reset || suppressCloseNotify);
        } finally {
            below.close(reset, whenClosed);
        }
    }

    /** Passes the signal of the transport below to the handshake or to the reader. */
    @Override
    public void readable() {
        HandshakeDriver underWay = opening;
        if (underWay != null) {
            underWay.drive();
        } else if (!closed) {
            listener().readable();
        }
    }

    /** Passes the signal of the transport below to the sender of records. */
    @Override
    public void writable() {
        pump.writable();
    }

    /** Passes the end of a job of the sender to the handshake or to the writer. */
    private void jobEnded() {
        HandshakeDriver underWay = opening;
        if (underWay != null) {
            underWay.drive();
        } else if (!closed) {
            listener().writable();
        }
    }

    @Override
    public void received() {
        listener().received();
    }

    @Override
    public void sent() {
        listener().sent();
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

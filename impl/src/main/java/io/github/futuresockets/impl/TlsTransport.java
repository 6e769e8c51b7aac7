package io.github.futuresockets.impl;

import io.github.futuresockets.TlsSession;
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

/** A transport that encrypts, over another one: the reading half; the writing half is a {@link TlsPump}. */
final class TlsTransport implements Transport, Transport.Reader {
    /*
     * Until the handshake is over `opening` has both halves, on the loop, and nobody else uses them: whoever closes the connection
     * by then drops it. After that the reading half, `reading`, `most` and `full`, belongs to the one fill that is outstanding, of
     * which the transport below has at most one too; while the engine's tasks run it has none. An engine lets one thread read
     * while another writes.
     */
    private final Transport below;
    private final SSLEngine engine;
    private final TlsTasks tasks;
    private final TlsReading reading;
    private final TlsPump pump;
    private long began;
    private @Nullable Reader reader;
    private @Nullable Writer writer;
    private int most;

    /** Answers to the peer may not have left: nothing more is decrypted until then. */
    private boolean full;

    /** The handshake has left a fill behind, so there must not be another one. */
    private boolean busy;

    private volatile @Nullable TlsOpening opening;

    /** The end of what was cut short must not look like a regular one; only an engine that has failed has another word for it. */
    private volatile boolean silent = true;

    /** Nor may the end of what has never begun, to a peer for whom it has. */
    private volatile boolean mute;

    TlsTransport(Transport below, SSLEngine engine, TlsTasks tasks) {
        this.below = below;
        this.engine = engine;
        this.tasks = tasks;
        this.reading = new TlsReading(engine, below.loop().chunks());
        this.pump = new TlsPump(engine, below);
        this.opening = new TlsOpening(this, engine, reading, pump, tasks);
    }

    Transport below() {
        return below;
    }

    /** Begins the handshake, whose end is told on the loop: null, or the failure. {@code early} has come before. */
    void open(@Nullable ByteBuffer early, boolean filling, Consumer<@Nullable IOException> ended) {
        began = System.currentTimeMillis();
        below.connect(this, pump);
        TlsOpening begins = Objects.requireNonNull(opening);
        begins.begin(early, filling, failure -> {
            IOException why = failure != null ? failure : opened();
            busy = begins.isFilling();
            pump.answer(writes());
            opening = null;
            if (why != null) {
                reading.drop();
                silent = !(why.getCause() instanceof SSLException);
                mute = silent;
            }
            ended.accept(why);
        });
    }

    /** The engine is asked once more, and that may fail the handshake yet. */
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

    /** Ends a handshake that takes too long, or that nobody waits for any more. On the loop. */
    void give(IOException up) {
        TlsOpening underWay = opening;
        if (underWay != null) {
            underWay.fail(up);
        }
    }

    boolean isBusy() {
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

    private void cut() throws IOException {
        try {
            reading.cut();
        } catch (SSLException e) {
            throw named(e);
        }
    }

    /** How many bytes have been decrypted, or -1 at the end; PENDING while the engine has something to do; 0: it needs more. */
    private int decrypt() throws IOException {
        full = full && pump.holds(() -> goOn(null));
        if (full) {
            return PENDING;
        }
        TlsReading.Step step;
        try {
            step = reading.step();
            int questions = reading.takeQuestions();
            full = questions > 0 && pump.reply(questions, reading.takeData());
        } catch (SSLException e) {
            silent = !reading.hasFailed();
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
        TlsOpening underWay = opening;
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

    /** A fill that waits goes on, on the loop, with what has arrived. Whatever is thrown, the fill is answered. */
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
            reads().filled(null, Errors.again("TLS with " + remoteAddress(), TlsTasks.failure(failed)));
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
        return mute ? below.shutdownOutput(last) : pump.end(last);
    }

    @Override
    public void close(boolean reset, Runnable released) {
        try {
            give(Errors.closedMeanwhile("the socket was closed"));
            pump.close(reset || silent);
        } finally {
            below.close(reset, released);
        }
    }

    /** A session that is older than the connection has been resumed. */
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
    public Loop loop() {
        return below.loop();
    }
}

package io.github.futuresockets.impl.tls;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The engine of a server that chooses an engine by the server name of the client. Until the name is known, a default
 * engine is used. The default stays if the client gives no name, or if there is no choice for the name.
 */
final class SniEngine extends SSLEngine {
    /*
     * `actual` changes at most once, in the thread that unwraps the first bytes. Before those bytes are unwrapped, no
     * thread has anything to wrap. Later threads see the change, because they begin to use the engine after a message
     * from that thread.
     */
    private final Function<String, @Nullable SSLEngine> chooser;
    // Written by the thread that unwraps the first bytes.
    private SSLEngine actual;
    private boolean chosen;

    SniEngine(SSLEngine byDefault, Function<String, @Nullable SSLEngine> chooser) {
        this.actual = byDefault;
        this.chooser = chooser;
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length) throws SSLException {
        if (!chosen) {
            String name = ClientHello.serverName(source);
            if (name == null) {
                return new SSLEngineResult(Status.BUFFER_UNDERFLOW, HandshakeStatus.NEED_UNWRAP, 0, 0);
            }
            chosen = true;
            choose(name);
        }
        return actual.unwrap(source, targets, offset, length);
    }

    private void choose(String name) throws SSLException {
        SSLEngine engine = name.isEmpty() ? null : chooser.apply(name);
        if (engine != null) {
            engine.beginHandshake();
            actual = engine;
        }
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target) throws SSLException {
        return actual.wrap(sources, offset, length, target);
    }

    @Override
    public @Nullable Runnable getDelegatedTask() {
        return actual.getDelegatedTask();
    }

    @Override
    public void closeInbound() throws SSLException {
        actual.closeInbound();
    }

    @Override
    public boolean isInboundDone() {
        return actual.isInboundDone();
    }

    @Override
    public void closeOutbound() {
        actual.closeOutbound();
    }

    @Override
    public boolean isOutboundDone() {
        return actual.isOutboundDone();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return actual.getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return actual.getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        actual.setEnabledCipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return actual.getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return actual.getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        actual.setEnabledProtocols(protocols);
    }

    @Override
    public SSLSession getSession() {
        return actual.getSession();
    }

    @Override
    public @Nullable SSLSession getHandshakeSession() {
        return actual.getHandshakeSession();
    }

    @Override
    public void beginHandshake() throws SSLException {
        actual.beginHandshake();
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        return actual.getHandshakeStatus();
    }

    @Override
    public void setUseClientMode(boolean mode) {
        actual.setUseClientMode(mode);
    }

    @Override
    public boolean getUseClientMode() {
        return actual.getUseClientMode();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        actual.setNeedClientAuth(need);
    }

    @Override
    public boolean getNeedClientAuth() {
        return actual.getNeedClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        actual.setWantClientAuth(want);
    }

    @Override
    public boolean getWantClientAuth() {
        return actual.getWantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        actual.setEnableSessionCreation(flag);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return actual.getEnableSessionCreation();
    }

    @Override
    public SSLParameters getSSLParameters() {
        return actual.getSSLParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        actual.setSSLParameters(parameters);
    }

    @Override
    public @Nullable String getApplicationProtocol() {
        return actual.getApplicationProtocol();
    }

    @Override
    public @Nullable String getHandshakeApplicationProtocol() {
        return actual.getHandshakeApplicationProtocol();
    }

    @Override
    public void setHandshakeApplicationProtocolSelector(BiFunction<SSLEngine, List<String>, String> selector) {
        actual.setHandshakeApplicationProtocolSelector(selector);
    }

    @Override
    public BiFunction<SSLEngine, List<String>, String> getHandshakeApplicationProtocolSelector() {
        return actual.getHandshakeApplicationProtocolSelector();
    }
}

package io.github.futuresockets.impl;

import io.github.futuresockets.impl.Faults.Kind;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** A TLS engine whose operations may throw, like the engine of a foreign provider. */
final class FaultyTls extends SSLEngine {
    private final SSLEngine below;
    private final Faults faults;

    private FaultyTls(SSLEngine below, Faults faults) {
        this.below = below;
        this.faults = faults;
    }

    static SSLContext context(SSLContext below, Faults faults) {
        return new SSLContext(new Spi(below, faults), below.getProvider(), below.getProtocol()) {};
    }

    private static final class Spi extends SSLContextSpi {
        private final SSLContext below;
        private final Faults faults;

        Spi(SSLContext below, Faults faults) {
            this.below = below;
            this.faults = faults;
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            faults.at(Kind.ENGINE, "createSSLEngine");
            return new FaultyTls(below.createSSLEngine(), faults);
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            faults.at(Kind.ENGINE, "createSSLEngine");
            return new FaultyTls(below.createSSLEngine(host, port), faults);
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return below.getSocketFactory();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return below.getServerSocketFactory();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return below.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return below.getClientSessionContext();
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            return below.getDefaultSSLParameters();
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return below.getSupportedSSLParameters();
        }
    }

    @Override
    public Runnable getDelegatedTask() {
        faults.at(Kind.ENGINE, "getDelegatedTask");
        Runnable task = below.getDelegatedTask();
        return task == null
                ? null
                : () -> {
                    faults.at(Kind.ENGINE, "task");
                    task.run();
                };
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target) throws SSLException {
        faults.at(Kind.ENGINE, "wrap");
        return below.wrap(sources, offset, length, target);
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length) throws SSLException {
        faults.at(Kind.ENGINE, "unwrap");
        return below.unwrap(source, targets, offset, length);
    }

    @Override
    public void closeInbound() throws SSLException {
        faults.at(Kind.ENGINE, "closeInbound");
        below.closeInbound();
    }

    @Override
    public boolean isInboundDone() {
        faults.at(Kind.ENGINE, "isInboundDone");
        return below.isInboundDone();
    }

    @Override
    public void closeOutbound() {
        faults.at(Kind.ENGINE, "closeOutbound");
        below.closeOutbound();
    }

    @Override
    public boolean isOutboundDone() {
        faults.at(Kind.ENGINE, "isOutboundDone");
        return below.isOutboundDone();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return below.getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return below.getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        below.setEnabledCipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return below.getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return below.getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] names) {
        below.setEnabledProtocols(names);
    }

    @Override
    public SSLSession getSession() {
        faults.at(Kind.ENGINE, "getSession");
        return below.getSession();
    }

    @Override
    public void beginHandshake() throws SSLException {
        faults.at(Kind.ENGINE, "beginHandshake");
        below.beginHandshake();
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        faults.at(Kind.ENGINE, "getHandshakeStatus");
        return below.getHandshakeStatus();
    }

    @Override
    public void setUseClientMode(boolean mode) {
        below.setUseClientMode(mode);
    }

    @Override
    public boolean getUseClientMode() {
        return below.getUseClientMode();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        below.setNeedClientAuth(need);
    }

    @Override
    public boolean getNeedClientAuth() {
        return below.getNeedClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        below.setWantClientAuth(want);
    }

    @Override
    public boolean getWantClientAuth() {
        return below.getWantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        below.setEnableSessionCreation(flag);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return below.getEnableSessionCreation();
    }

    @Override
    public SSLParameters getSSLParameters() {
        faults.at(Kind.ENGINE, "getSSLParameters");
        return below.getSSLParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        faults.at(Kind.ENGINE, "setSSLParameters");
        below.setSSLParameters(parameters);
    }

    @Override
    public String getApplicationProtocol() {
        faults.at(Kind.ENGINE, "getApplicationProtocol");
        return below.getApplicationProtocol();
    }
}

package io.github.futuresockets.impl.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import javax.net.ssl.SSLEngine;

/** Peers that encrypt, over other wires: blocking, and with an engine of their own. */
public final class TlsWires implements Wires {
    private final Wires wires;
    private final String protocol;

    /** Over those wires, with that version. */
    public TlsWires(Wires wires, String protocol) {
        this.wires = wires;
        this.protocol = protocol;
    }

    private TlsWire wrap(Wire wire, boolean client) {
        SSLEngine engine = (client ? TestCertificates.client() : TestCertificates.server()).createSSLEngine();
        engine.setUseClientMode(client);
        engine.setEnabledProtocols(new String[] {protocol});
        return new TlsWire(wire, engine);
    }

    @Override
    public boolean overTheKernel() {
        return wires.overTheKernel();
    }

    @Override
    public Wire connect(SocketAddress listener) throws IOException {
        return wrap(wires.connect(listener), true);
    }

    @Override
    public Listener listen(SocketAddress address, int receiveBuffer) throws IOException {
        Listener plain = wires.listen(address, receiveBuffer);
        return new Listener() {
            @Override
            public SocketAddress address() throws IOException {
                return plain.address();
            }

            @Override
            public Wire accept() throws IOException {
                return wrap(plain.accept(), false);
            }

            @Override
            public void close() throws IOException {
                plain.close();
            }
        };
    }

    @Override
    public InetSocketAddress silent(InetAddress host) {
        return wires.silent(host);
    }
}

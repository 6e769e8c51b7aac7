package io.github.futuresockets.bench.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A factory for the streams of a single thread. */
public interface SocketStreams {
    SocketStream client(SocketChannel channel) throws IOException;

    SocketStream server(SocketChannel channel) throws IOException;

    static SocketStreams of(Protocol protocol) {
        return protocol == Protocol.TLS ? new Tls() : new Plain();
    }

    /** The factory for plain streams. */
    final class Plain implements SocketStreams {
        @Override
        public SocketStream client(SocketChannel channel) {
            return new Stream(channel);
        }

        @Override
        public SocketStream server(SocketChannel channel) {
            return new Stream(channel);
        }

        private record Stream(SocketChannel channel) implements SocketStream {
            @Override
            public int read(ByteBuffer dst) throws IOException {
                return channel.read(dst);
            }

            @Override
            public int write(ByteBuffer src) throws IOException {
                return channel.write(src);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        }
    }

    /** The factory for streams over TLS 1.3. All streams of a factory share the scratch buffers. */
    final class Tls implements SocketStreams {
        private final TlsStream.Scratch scratch = new TlsStream.Scratch();

        @Override
        public SocketStream client(SocketChannel channel) throws IOException {
            return new TlsStream(channel, TlsIdentity.clientEngine(), scratch);
        }

        @Override
        public SocketStream server(SocketChannel channel) throws IOException {
            return new TlsStream(channel, TlsIdentity.serverEngine(), scratch);
        }
    }
}

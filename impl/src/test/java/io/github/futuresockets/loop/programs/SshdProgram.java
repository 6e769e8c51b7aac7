package io.github.futuresockets.loop.programs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.futuresockets.impl.support.Background;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.KeyPairGenerator;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

/** A program with a server and a client of Apache MINA SSHD, over SSHD's NIO.2 service. */
public final class SshdProgram {
    /** The limit of each wait, in milliseconds. */
    private static final long PATIENCE = 20_000;

    private static final byte[] LARGE = Programs.pattern(8 << 20);

    private SshdProgram() {}

    /** Runs the program. */
    public static void main(String[] arguments) throws Exception {
        Programs.sayProvider();
        SshServer server = server();
        SshClient client = SshClient.setUpDefaultClient();
        client.setIoServiceFactoryFactory(new Nio2ServiceFactoryFactory());
        client.setServerKeyVerifier((session, address, key) -> true);
        client.start();
        try (ClientSession session = connect(client, server.getPort())) {
            Programs.say("commands: " + commands(session, 20) + " answers");
            Programs.say("sent and returned: " + returned(session) + " bytes");
            try (ClientSession second = connect(client, server.getPort())) {
                Programs.say("second session: " + commands(second, 3) + " answers beside the first");
            }
        }
        client.stop();
        server.stop();
        System.exit(0);
    }

    private static SshServer server() throws Exception {
        KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
        keys.initialize(256);
        SshServer server = SshServer.setUpDefaultServer();
        server.setIoServiceFactoryFactory(new Nio2ServiceFactoryFactory());
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(keys.generateKeyPair()));
        server.setPasswordAuthenticator((user, password, session) -> password.equals("secret"));
        server.setCommandFactory((channel, line) -> new Returning(line));
        server.start();
        return server;
    }

    private static ClientSession connect(SshClient client, int port) throws IOException {
        ClientSession session =
                client.connect("user", "127.0.0.1", port).verify(PATIENCE).getSession();
        session.addPasswordIdentity("secret");
        session.auth().verify(PATIENCE);
        return session;
    }

    /** Runs commands and compares the outputs. Returns the number of commands. */
    private static int commands(ClientSession session, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            String said = session.executeRemoteCommand("echo " + i);
            if (!said.equals("" + i)) {
                throw new IOException("command " + i + " has said " + said);
            }
        }
        return count;
    }

    /** Sends a large input through {@code cat} and compares the output. Returns the number of bytes. */
    private static int returned(ClientSession session) throws Exception {
        try (ClientChannel channel = session.createExecChannel("cat")) {
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            channel.setIn(new ByteArrayInputStream(LARGE));
            channel.setOut(got);
            channel.open().verify(PATIENCE);
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PATIENCE);
            if (channel.getExitStatus() == null || channel.getExitStatus() != 0) {
                throw new IOException("cat ended with " + channel.getExitStatus() + " after " + got.size() + " bytes");
            }
            return Programs.expect(LARGE, new ByteArrayInputStream(got.toByteArray()));
        }
    }

    /** A command on the server. {@code echo TEXT} returns the text, {@code cat} returns the input. */
    private static final class Returning implements Command {
        private final String line;
        private InputStream in = InputStream.nullInputStream();
        private OutputStream out = OutputStream.nullOutputStream();
        private ExitCallback exit = (code, message, closeImmediately) -> {};

        Returning(String line) {
            this.line = line;
        }

        @Override
        public void setInputStream(InputStream stream) {
            in = stream;
        }

        @Override
        public void setOutputStream(OutputStream stream) {
            out = stream;
        }

        @Override
        public void setErrorStream(OutputStream stream) {}

        @Override
        public void setExitCallback(ExitCallback callback) {
            exit = callback;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) {
            CompletableFuture<Void> running = Background.call(() -> {
                if (line.equals("cat")) {
                    in.transferTo(out);
                } else {
                    out.write(line.replace("echo ", "").getBytes(UTF_8));
                }
                out.flush();
                return null;
            });
            running.whenComplete((done, failure) -> exit.onExit(failure == null ? 0 : 1));
        }

        @Override
        public void destroy(ChannelSession channel) {}
    }
}

package io.github.futuresockets.loop.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.impl.support.Program;
import io.github.futuresockets.loop.LoopChannelProvider;
import jakarta.annotation.Resource;
import jakarta.servlet.annotation.WebServlet;
import java.nio.file.Path;
import java.util.List;
import org.apache.catalina.startup.Tomcat;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.nop.NOPServiceProvider;
import org.smartboot.socket.transport.AioQuickServer;

/**
 * Tests {@link LoopChannelProvider} with unchanged programs for NIO.2, each in a JVM of its own. A system property
 * names the provider. The same programs on the JDK's provider are the control.
 */
class Nio2ProgramsTest {
    @TempDir
    Path folder;

    /** The provider of the JVM of a program. */
    enum Provider {
        LOOP("-Djava.nio.channels.spi.AsynchronousChannelProvider=" + LoopChannelProvider.class.getName()),
        JDK("-Dcontrol=true");

        private final String option;

        Provider(String option) {
            this.option = option;
        }

        /** Runs a program and compares each line of the output. */
        private void check(Path folder, Class<?> main, List<Class<?>> libraries, String... lines) throws Exception {
            String said = new Program(main).with(libraries).options(option).run(folder.toString());
            String first = this == LOOP ? "our provider\n" : "another provider\n";
            assertEquals(first + String.join("\n", lines) + "\n", said);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tomcat_anyClient_getsEveryByte(Provider provider) throws Exception {
        provider.check(
                folder,
                TomcatProgram.class,
                List.of(Tomcat.class, WebServlet.class, Resource.class),
                "kept alive: 200 answers",
                "pipelined: 50 answers",
                "posted and echoed: 4194304 bytes",
                "/blocking: others got 100 answers, then the slow reader 16777216 bytes",
                "/async: others got 100 answers, then the slow reader 16777216 bytes");
    }

    @ParameterizedTest
    @EnumSource
    void sshd_commandsAndTransfer_arriveWhole(Provider provider) throws Exception {
        provider.check(
                folder,
                SshdProgram.class,
                List.of(SshServer.class, KeyPairProvider.class, Logger.class, NOPServiceProvider.class),
                "commands: 20 answers",
                "sent and returned: 8388608 bytes",
                "second session: 3 answers beside the first");
    }

    @ParameterizedTest
    @EnumSource
    void smartSocket_slowReader_othersAreServed(Provider provider) throws Exception {
        provider.check(
                folder,
                SmartSocketProgram.class,
                List.of(AioQuickServer.class),
                "others: 4 clients, 800 answers",
                "slow reader: 16777216 bytes");
    }
}

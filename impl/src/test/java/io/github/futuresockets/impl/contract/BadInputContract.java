package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Descriptors;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Illegal options and unresolved addresses. The failure names the illegal value. */
abstract class BadInputContract extends ContractTest {

    private static SocketOption<Integer> option(String name) {
        return name.equals("SO_SNDBUF") ? StandardSocketOptions.SO_SNDBUF : StandardSocketOptions.SO_RCVBUF;
    }

    private static void assertNames(String option, Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(option + " = -1"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SO_SNDBUF", "SO_RCVBUF"})
    void option_outOfRange_isRefusedByName(String name) {
        onlyOverTcp();
        SocketOption<Integer> option = option(name);
        converse();
        int before = Descriptors.count();
        for (int i = 0; i < 2; i++) {
            assertNames(name, () -> sockets.listen(address(), options -> options.option(option, -1)));
            assertNames(name, () -> sockets.connect(socket.remoteAddress(), options -> options.option(option, -1)));
            assertNames(name, () -> builder().option(option, -1).build());
        }
        Descriptors.awaitAtMost(before);
        assertEquals(0, sockets.stats().acceptFailures());
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void option_ofAnotherType_isRefusedByName() {
        onlyOverTcp();
        open(builder -> builder);
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> sockets.listen(
                                address(),
                                options -> options.option((SocketOption) StandardSocketOptions.SO_SNDBUF, "many")))
                .getMessage();
        assertTrue(message.contains("SO_SNDBUF = many"), message);
    }

    @Test
    void listen_onAnUnresolvedAddress_saysSo() {
        onlyOverTcp();
        open(builder -> builder);
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere.invalid", 80);
        BindException refused = assertThrows(BindException.class, () -> sockets.listen(nowhere));
        assertEquals("listen on nowhere.invalid:80: the name does not resolve", refused.getMessage());
        assertInstanceOf(UnknownHostException.class, refused.getCause());
    }

    @Test
    void connect_fromAnUnresolvedAddress_saysSo() {
        onlyOverTcp();
        converse();
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere.invalid", 0);
        ConnectException refused = Await.failure(
                ConnectException.class, sockets.connect(socket.remoteAddress(), options -> options.local(nowhere)));
        assertTrue(refused.getMessage().contains("local address nowhere.invalid:0"), refused.getMessage());
    }
}

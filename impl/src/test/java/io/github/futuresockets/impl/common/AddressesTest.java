package io.github.futuresockets.impl.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests literal addresses and the names of addresses. */
class AddressesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "0.0.0.0",
                "255.255.255.255",
                "::1",
                "2001:db8::5",
                "[::1]",
                "fe80::1%1",
                "::ffff:1.2.3.4"
            })
    void literal_ofAnAddress_isThatAddress(String host) throws UnknownHostException {
        assertEquals(InetAddress.getByName(host), Addresses.literal(host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "1.2.3",
                "1.2.3.256",
                "1.2.3.4.5",
                "1.2.3.4x",
                "1..2.3",
                "1234",
                "1.2.3.0001",
                "3com.test",
                "abc",
                "[1.2.3.4]",
                "."
            })
    void literal_ofAName_isNone(String host) throws UnknownHostException {
        assertNull(Addresses.literal(host));
    }

    @Test
    void literal_thatIsMalformed_isRefused() {
        assertThrows(UnknownHostException.class, () -> Addresses.literal("1::2::3"));
        assertThrows(UnknownHostException.class, () -> Addresses.literal("fe80::1%nosuchinterface"));
    }

    @Test
    void named_hasNoZoneUnlessTheAddressHasOne() throws UnknownHostException {
        InetAddress plain = Addresses.named("six.test", InetAddress.getByName("2001:db8::5"));
        assertEquals("2001:db8:0:0:0:0:0:5", plain.getHostAddress());
        assertEquals("six.test", plain.getHostName());
        InetAddress zoned = Addresses.named("six.test", InetAddress.getByName("fe80::1%7"));
        assertEquals(7, ((Inet6Address) zoned).getScopeId());
        assertEquals(
                "four.test/1.2.3.4",
                Addresses.named("four.test", InetAddress.getByName("1.2.3.4")).toString());
    }
}

package io.github.futuresockets.impl.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

/** {@link ClientHello} with whole, partial, split and invalid messages. */
class ClientHelloTest {

    private static byte[] hello(String name) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(20_000);
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    private static String nameIn(byte[] bytes, int length) {
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
        String name = ClientHello.serverName(in);
        assertEquals(length, in.remaining(), "the bytes stay where they are");
        return name;
    }

    @Test
    void serverName_helloInParts_isFoundOnceComplete() throws Exception {
        byte[] hello = hello("Some.Example");
        for (int length = 0; length < hello.length; length++) {
            assertNull(nameIn(hello, length));
        }
        assertEquals("some.example", nameIn(hello, hello.length));
    }

    @Test
    void serverName_helloNamesNoServer_isEmpty() throws Exception {
        byte[] hello = hello(null);
        assertEquals("", nameIn(hello, hello.length));
    }

    @Test
    void serverName_helloCutIntoTwoRecords_isFound() throws Exception {
        byte[] hello = hello("some.example");
        for (int cut = 1; cut < hello.length - 5; cut++) {
            ByteBuffer records = ByteBuffer.allocate(hello.length + 5);
            records.put(hello, 0, 3).putShort((short) cut).put(hello, 5, cut);
            records.put(hello, 0, 3)
                    .putShort((short) (hello.length - 5 - cut))
                    .put(hello, 5 + cut, hello.length - 5 - cut);
            assertEquals("some.example", ClientHello.serverName(records.flip()));
        }
    }

    @Test
    void serverName_recordsOfOneByte_isFound() throws Exception {
        byte[] hello = hello("some.example");
        ByteBuffer records = ByteBuffer.allocate(6 * hello.length);
        for (int i = 5; i < hello.length; i++) {
            assertNull(ClientHello.serverName(records.duplicate().flip()));
            records.put(hello, 0, 3).putShort((short) 1).put(hello[i]);
        }
        assertEquals("some.example", ClientHello.serverName(records.flip()));
    }

    @Test
    void serverName_otherRecordsFollow_isFoundAllTheSame() throws Exception {
        byte[] hello = hello("some.example");
        byte[][] behind = {{20}, {20, 3, 3, 0, 1, 1}, {21, 3, 3, 0, 2, 1, 0}, {23, 3, 3, 1}, {0}, {22, 3, 3, 0, 0}};
        for (byte[] each : behind) {
            ByteBuffer records = ByteBuffer.allocate(hello.length + each.length);
            records.put(hello).put(each).flip();
            assertEquals("some.example", ClientHello.serverName(records));
            assertEquals(0, records.position(), "the bytes stay where they are");
        }
    }

    @Test
    void serverName_theRecordHoldsMoreThanTheHello_isFound() throws Exception {
        byte[] hello = hello("some.example");
        int length = hello.length - 5 + 7;
        ByteBuffer record = ByteBuffer.allocate(5 + length);
        record.put(hello, 0, 3).putShort((short) length).put(hello, 5, hello.length - 5);
        record.put(new byte[7]).flip();
        assertEquals("some.example", ClientHello.serverName(record));
    }

    @Test
    void serverName_anotherRecordWithinTheHello_namesNothing() throws Exception {
        byte[] hello = hello("some.example");
        ByteBuffer records = ByteBuffer.allocate(hello.length + 11);
        records.put(hello, 0, 3).putShort((short) 100).put(hello, 5, 100);
        records.put(new byte[] {20, 3, 3, 0, 1, 1});
        records.put(hello, 0, 3).putShort((short) (hello.length - 105)).put(hello, 105, hello.length - 105);
        assertEquals("", ClientHello.serverName(records.flip()));
    }

    @Test
    void serverName_aLengthBeyondReason_isNotAwaited() {
        for (byte[] length : new byte[][] {{(byte) 0xff}, {1}, {0, (byte) 0xff}, {0, (byte) 0xc0, 1}}) {
            ByteBuffer record = ByteBuffer.allocate(9).put(new byte[] {22, 3, 1, 64, 0, 1});
            assertEquals("", ClientHello.serverName(record.put(length).flip()));
        }
    }

    @Test
    void serverName_notAHello_isEmpty() {
        assertEquals("", ClientHello.serverName(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes())));
        assertEquals("", ClientHello.serverName(ByteBuffer.wrap(new byte[] {22, 3, 3, 0, 0})));
        assertEquals("", ClientHello.serverName(ByteBuffer.wrap(new byte[] {22, 3, 3, 0, 1, 2})));
    }

    @Test
    void serverName_anyByteWrong_throwsNothing() throws Exception {
        byte[] hello = hello("some.example");
        Random random = new Random(42);
        for (int i = 0; i < hello.length; i++) {
            byte[] wrong = hello.clone();
            wrong[i] ^= (byte) (1 + random.nextInt(255));
            String name = ClientHello.serverName(ByteBuffer.wrap(wrong));
            if (i > 9) {
                assertNotNull(name);
            }
        }
    }

    @Test
    void sniEngine_helloIncomplete_awaitsRest() throws Exception {
        SSLEngine first = SSLContext.getDefault().createSSLEngine();
        first.setUseClientMode(false);
        SniEngine engine = new SniEngine(first, name -> {
            throw new AssertionError(name);
        });
        engine.beginHandshake();
        byte[] hello = hello(null);
        ByteBuffer part = ByteBuffer.wrap(hello, 0, hello.length - 1);
        assertEquals(
                SSLEngineResult.Status.BUFFER_UNDERFLOW,
                engine.unwrap(part, ByteBuffer.allocate(100)).getStatus());
        assertEquals(hello.length - 1, part.remaining());
    }
}

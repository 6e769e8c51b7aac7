package io.github.futuresockets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

/** Tests the independence of TLS options from later changes by a reader. */
class TlsOptionsTest {

    @Test
    void settings_parametersChangedByTheReader_keepTheirValues() {
        TlsOptions options = TlsOptions.client().applicationProtocols("one");
        options.settings().parameters().setApplicationProtocols(new String[] {"other"});
        assertArrayEquals(new String[] {"one"}, options.settings().parameters().getApplicationProtocols());
    }
}

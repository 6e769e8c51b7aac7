package io.github.futuresockets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

/** Options of TLS are values. */
class TlsOptionsTest {

    @Test
    void settings_parametersChangedByTheReader_keepTheirValues() {
        TlsOptions options = TlsOptions.client().applicationProtocols("one");
        options.settings().parameters().setApplicationProtocols(new String[] {"other"});
        assertArrayEquals(new String[] {"one"}, options.settings().parameters().getApplicationProtocols());
    }
}

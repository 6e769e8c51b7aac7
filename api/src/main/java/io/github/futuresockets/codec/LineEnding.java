package io.github.futuresockets.codec;

/** The characters that end a line of text. */
public enum LineEnding {
    /** A line feed. */
    LF("\n"),

    /** A carriage return and a line feed, as in SMTP (RFC 5321, 2.3.8) and HTTP/1.1 (RFC 9112, 2.2). */
    CRLF("\r\n");

    private final String text;

    LineEnding(String text) {
        this.text = text;
    }

    /**
     * Returns the characters of the line ending.
     *
     * @return one or two characters
     */
    public String text() {
        return text;
    }
}

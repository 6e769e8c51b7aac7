package io.github.futuresockets.impl.stress;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * Records of many writers on one stream, and the reader that checks the records. Each record must be whole and unique,
 * and the records of a writer must be in order. A record consists of:
 * <ul>
 *   <li>a mark,
 *   <li>the index of the writer,
 *   <li>the number of the record,
 *   <li>the length of the content,
 *   <li>a content that is computed from the writer and the number.
 * </ul>
 */
final class Records {
    static final int HEADER = 16;
    private static final int MARK = 0x5EC0_4D5A;

    private final BitSet[] arrived;
    private final int[] last;

    Records(int writers) {
        arrived = new BitSet[writers];
        last = new int[writers];
        for (int i = 0; i < writers; i++) {
            arrived[i] = new BitSet();
            last[i] = -1;
        }
    }

    static ByteBuffer make(int writer, int number, int length) {
        ByteBuffer record = ByteBuffer.allocate(HEADER + length);
        record.putInt(MARK).putInt(writer).putInt(number).putInt(length);
        for (int i = 0; i < length; i++) {
            record.put(content(writer, number, i));
        }
        return record.flip();
    }

    private static byte content(int writer, int number, int index) {
        return (byte) (31 * writer + 7 * number + index);
    }

    /** Reads and checks records up to the end of the stream. */
    void readAll(InputStream from) throws IOException {
        DataInputStream in = new DataInputStream(from);
        for (int first = in.read(); first >= 0; first = in.read()) {
            int mark = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
            if (mark != MARK) {
                throw new AssertionError(
                        String.format("torn: %08x where a record should begin, behind %s", mark, progress()));
            }
            readRecord(in);
        }
    }

    private void readRecord(DataInputStream in) throws IOException {
        int writer = in.readInt();
        int number = in.readInt();
        byte[] content = new byte[in.readInt()];
        try {
            in.readFully(content);
        } catch (EOFException e) {
            throw new AssertionError("the stream ended within record " + number + " of writer " + writer, e);
        }
        for (int i = 0; i < content.length; i++) {
            if (content[i] != content(writer, number, i)) {
                throw new AssertionError("torn: byte " + i + " of " + content.length + " of record " + number
                        + " of writer " + writer + " is another's");
            }
        }
        if (number <= last[writer]) {
            throw new AssertionError("record " + number + " of writer " + writer + " came after " + last[writer]);
        }
        last[writer] = number;
        arrived[writer].set(number);
    }

    boolean hasArrived(int writer, int number) {
        return arrived[writer].get(number);
    }

    private String progress() {
        StringBuilder text = new StringBuilder("record");
        for (int i = 0; i < last.length; i++) {
            text.append(' ').append(last[i]).append('@').append(i);
        }
        return text.toString();
    }
}

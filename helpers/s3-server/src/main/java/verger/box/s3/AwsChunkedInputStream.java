package verger.box.s3;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The content of a body in {@code aws-chunked} encoding: each chunk behind a line with its length in hexadecimal digits and
 * perhaps a signature, which is not looked at, as are the trailing headers behind the last.
 */
final class AwsChunkedInputStream extends InputStream {

    private static final int MAX_LINE = 4096;

    private final InputStream encoded;
    private long left; // of the chunk
    private boolean begun;
    private boolean ended;

    AwsChunkedInputStream(InputStream encoded) {
        this.encoded = encoded;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0 && !ended) {
            beginChunk();
        }
        if (ended) {
            return -1;
        }
        int read = encoded.read(bytes, offset, (int) Math.min(length, left));
        if (read < 0) {
            throw new EOFException("the body ended in the middle of a chunk");
        }
        left -= read;
        return read;
    }

    private void beginChunk() throws IOException {
        if (begun && !line().isEmpty()) {
            throw new IOException("a chunk is longer than it says");
        }
        begun = true;
        String header = line();
        try {
            left = Long.parseLong(header.split(";", 2)[0].trim(), 16);
        } catch (NumberFormatException e) {
            throw new IOException("not the length of a chunk: " + header, e);
        }
        if (left == 0) {
            ended = true;
            encoded.transferTo(OutputStream.nullOutputStream());
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = encoded.read(); b != '\n'; b = encoded.read()) {
            if (b < 0 || line.size() > MAX_LINE) {
                throw new EOFException("the body ended before its last chunk");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.US_ASCII).strip();
    }

    @Override
    public void close() throws IOException {
        encoded.close();
    }
}

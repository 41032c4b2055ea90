package verger.box.s3;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** What goes back to the client: a status, headers, and XML, a stretch of a file, or nothing. */
final class Response {

    private static final int BUFFER = 64 << 10;
    private static final int SLOW_BUFFER = 512;
    private static final long SLOW_PAUSE_NANOS = 2_000_000;

    private final int status;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private byte[] xml = new byte[0];
    private FileChannel content;
    private long offset;
    private long length;
    private Fault fault;

    private Response(int status) {
        this.status = status;
    }

    static Response empty(int status) {
        return new Response(status);
    }

    static Response xml(int status, String xml) {
        Response response = new Response(status).header("Content-Type", "application/xml");
        response.xml = xml.getBytes(StandardCharsets.UTF_8);
        response.length = response.xml.length;
        return response;
    }

    /** @param content is closed when it is sent */
    static Response content(int status, FileChannel content, long offset, long length) {
        Response response = new Response(status);
        response.content = content;
        response.offset = offset;
        response.length = length;
        return response;
    }

    /** The headers of a response without its content. */
    static Response head(int status, long length) {
        return content(status, null, 0, length);
    }

    Response header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Spoils the body on its way; null leaves it whole. */
    Response with(Fault wrong) {
        fault = wrong;
        return this;
    }

    void send(HttpExchange exchange) throws IOException {
        try {
            headers.forEach(exchange.getResponseHeaders()::set);
            boolean bodiless = exchange.getRequestMethod().equals("HEAD");
            if (bodiless) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(length));
            }
            exchange.sendResponseHeaders(status, bodiless || length == 0 ? -1 : length);
            if (!bodiless && length > 0) {
                try (OutputStream out = exchange.getResponseBody()) {
                    sendBody(out);
                }
            }
        } finally {
            if (content != null) {
                content.close();
            }
        }
    }

    private void sendBody(OutputStream out) throws IOException {
        // To close a body that is not at its end closes the connection.
        long end = fault == Fault.CUT ? length / 2 : length;
        if (content == null) {
            out.write(xml, 0, (int) end);
            return;
        }
        WritableByteChannel target = Channels.newChannel(out);
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(fault == Fault.SLOW ? SLOW_BUFFER : BUFFER, length));
        for (long sent = 0; sent < end;) {
            if (fault == Fault.SLOW) {
                LockSupport.parkNanos(SLOW_PAUSE_NANOS);
                out.flush();
            }
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - sent));
            if (content.read(buffer, offset + sent) < 0) {
                throw new IOException("the file is shorter than it was");
            }
            sent += target.write(buffer.flip());
        }
    }
}

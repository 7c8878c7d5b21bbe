package io.penstock.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A client that sends whatever bytes it is given and reads answers byte by byte: what no well-behaved HTTP client can be
 * brought to do. One connection, one thread at a time for each direction.
 */
final class RawClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Socket socket;
    private final InputStream in;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    }

    static RawClient connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.setTcpNoDelay(true);
        return new RawClient(socket);
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Sends the characters as they are, one byte each. */
    RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A POST of JSON with the right length. */
    RawClient post(String path, String body, String... headerLines) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n")
                .append("Content-Type: application/json\r\nContent-Length: ")
                .append(bytes.length)
                .append("\r\n");
        for (String line : headerLines) {
            head.append(line).append("\r\n");
        }
        return send(head.append("\r\n").toString()).send(bytes);
    }

    RawAnswer read() throws IOException {
        return readBody(readHead());
    }

    RawHead readHead() throws IOException {
        String status = readLine();
        List<RawHead.Field> headers = new ArrayList<>();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            headers.add(new RawHead.Field(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        if (!status.matches("HTTP/1\\.[01] \\d{3}( .*)?")) {
            throw new AssertionError("unexpected status line: " + status);
        }
        return new RawHead(Integer.parseInt(status.substring(9, 12)), List.copyOf(headers));
    }

    RawAnswer readBody(RawHead head) throws IOException {
        var body = new ByteArrayOutputStream();
        boolean whole = true;
        String length = head.header("content-length");
        try {
            if ("chunked".equalsIgnoreCase(head.header("transfer-encoding"))) {
                for (byte[] chunk = readChunk(); chunk.length > 0; chunk = readChunk()) {
                    body.writeBytes(chunk);
                }
            } else if (length != null) {
                body.writeBytes(readExactly(Integer.parseInt(length)));
            } else if (head.status() >= 200 && head.status() != 204 && head.status() != 304) {
                in.transferTo(body);
            }
        } catch (EOFException | SocketException e) {
            whole = false;
        }
        return new RawAnswer(head, body.toByteArray(), whole);
    }

    /** The next chunk of a chunked body; empty at its end. */
    byte[] readChunk() throws IOException {
        byte[] chunk =
                readExactly(Integer.parseInt(readLine().replaceFirst(";.*", "").strip(), 16));
        if (!readLine().isEmpty()) {
            throw new AssertionError("a chunk without an end");
        }
        return chunk;
    }

    /** Everything that still comes before the other side closes the connection. */
    String readToEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Whether the other side closes the connection, having sent nothing more. */
    boolean closed() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    private byte[] readExactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the body ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private String readLine() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended after: " + line);
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /** Closes the connection at once, whatever is under way. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}

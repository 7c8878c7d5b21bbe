package io.penstock.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** An HTTP/1.1 answer as it stood on the wire. */
final class RawAnswer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RawHead head;
    private final byte[] body;
    private final boolean whole;

    RawAnswer(RawHead head, byte[] body, boolean whole) {
        this.head = head;
        this.body = body;
        this.whole = whole;
    }

    RawHead head() {
        return head;
    }

    int status() {
        return head.status();
    }

    /** The first value of that name, or null. */
    String header(String name) {
        return head.header(name);
    }

    /** Without its chunk framing, but in its content coding. */
    byte[] body() {
        return body.clone();
    }

    /** Whether the body ended as its framing promised. */
    boolean whole() {
        return whole;
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text(), e);
        }
    }

    @Override
    public String toString() {
        return head + "\n" + text();
    }
}

package io.penstock.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One request that a simulator received, and what became of it. It is visible from the arrival of the head on; the body
 * grows as it comes in. Thread-safe.
 */
public final class Exchange {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern MODEL_IN_PATH = Pattern.compile("/models/([^/:?]+):");

    private final long number;
    private final String method;
    private final String uri;
    private final HttpVersion version;
    private final Headers headers;
    private final CompletableFuture<Ending> ending = new CompletableFuture<>();
    private final Buffer received = Buffer.buffer();
    private final Buffer sent = Buffer.buffer();

    Exchange(long number, String method, String uri, HttpVersion version, Headers headers) {
        this.number = number;
        this.method = method;
        this.uri = uri;
        this.version = version;
        this.headers = headers;
    }

    /** The exchange's place in the order of arrival, from 1. */
    public long number() {
        return number;
    }

    public String method() {
        return method;
    }

    /** The request target as it came: path and query. */
    public String uri() {
        return uri;
    }

    public String path() {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    public HttpVersion version() {
        return version;
    }

    public Headers headers() {
        return headers;
    }

    /** The bytes of the request body so far; all of them once a script runs. */
    public byte[] body() {
        synchronized (received) {
            return received.getBytes();
        }
    }

    public String bodyText() {
        return new String(body(), StandardCharsets.UTF_8);
    }

    /** The request body as JSON, or a missing node where it is none. */
    public JsonNode json() {
        try {
            return JSON.readTree(bodyText());
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** The model that is asked for, in the path, as Gemini has it, or in the body. */
    public Optional<String> model() {
        Matcher inPath = MODEL_IN_PATH.matcher(path());
        return inPath.find()
                ? Optional.of(inPath.group(1))
                : Optional.ofNullable(json().path("model").textValue());
    }

    /** The bytes of the answer's body that have been handed to the network, to compare with what arrived elsewhere. */
    public byte[] sent() {
        synchronized (sent) {
            return sent.getBytes();
        }
    }

    /** Completed when the exchange is over. */
    public CompletableFuture<Ending> ending() {
        return ending.copy();
    }

    void received(Buffer bytes) {
        synchronized (received) {
            received.appendBuffer(bytes);
        }
    }

    void sent(Buffer bytes) {
        synchronized (sent) {
            sent.appendBuffer(bytes);
        }
    }

    /** Returns whether this call was the one that ended it. */
    boolean end(Ending.How how) {
        return ending.complete(new Ending(how, System.nanoTime()));
    }

    boolean over() {
        return ending.isDone();
    }

    @Override
    public String toString() {
        return number + ": " + method + " " + uri;
    }
}

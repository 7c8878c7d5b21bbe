package io.penstock.relay;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An application that remembers what it was sent, and that reads as fast as a test lets it. */
final class FakeClient implements ClientSide {
    private final List<String> steps = new ArrayList<>();
    private final Buffer body = Buffer.buffer();
    private final Promise<Void> sent = Promise.promise();
    private @Nullable MultiMap headers;
    private @Nullable Runnable drain;
    private String lastWords = "";
    private int status;
    private boolean full;
    private boolean slowToTheEnd;

    @Override
    public void head(int code, MultiMap fields) {
        steps.add("head");
        status = code;
        headers = fields;
    }

    @Override
    public boolean write(Buffer chunk) {
        steps.add("write");
        body.appendBuffer(chunk);
        return !full;
    }

    @Override
    public void onDrain(Runnable task) {
        drain = task;
    }

    @Override
    public Future<Void> end(MultiMap trailers) {
        steps.add("end");
        if (!slowToTheEnd) {
            sent.complete();
        }
        return sent.future();
    }

    @Override
    public void breakOff(Buffer words) {
        steps.add("reset");
        lastWords = words.toString();
        body.appendBuffer(words);
    }

    @Override
    public void reset() {
        steps.add("reset");
    }

    /** What Penstock itself said before it broke the answer off, or an empty text. */
    String lastWords() {
        return lastWords;
    }

    /** Reads no more. */
    void fill() {
        full = true;
    }

    /** Reads on. */
    void drain() {
        full = false;
        Runnable waiting = drain;
        drain = null;
        if (waiting != null) {
            waiting.run();
        }
    }

    /** Takes the last bytes only when it is told to {@link #takeTheEnd}. */
    void dawdleAtTheEnd() {
        slowToTheEnd = true;
    }

    void takeTheEnd() {
        sent.complete();
    }

    boolean hasHead() {
        return steps.contains("head");
    }

    boolean ended() {
        return steps.contains("end");
    }

    boolean wasReset() {
        return steps.contains("reset");
    }

    /** How often each thing that may happen once did. */
    long count(String step) {
        return steps.stream().filter(step::equals).count();
    }

    int status() {
        return status;
    }

    /** A header of the answer, or null. */
    @Nullable
    String header(String name) {
        return headers == null ? null : headers.get(name);
    }

    String text() {
        return body.toString();
    }

    Buffer body() {
        return body;
    }
}

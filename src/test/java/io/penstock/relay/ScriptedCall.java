package io.penstock.relay;

import io.penstock.upstream.UpstreamAnswer;
import io.penstock.upstream.UpstreamCall;
import io.penstock.upstream.UpstreamRequest;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CancellationException;

/**
 * One exchange with an upstream that a test, or a {@link Script}, plays. As Vert.x does, it holds the body back while it is
 * paused, tells of the end once, and fails a head that is awaited when it is reset. After a reset its body is silent.
 */
final class ScriptedCall implements UpstreamCall, UpstreamAnswer {
    private final UpstreamRequest request;
    private final Script script;
    private final Promise<UpstreamAnswer> head = Promise.promise();
    private final MultiMap headers = HttpHeaders.headers();
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    private Handler<Buffer> onChunk = chunk -> {};
    private Handler<Void> onEnd = end -> {};
    private Handler<Throwable> onFailure = failure -> {};
    private int status;
    private boolean flowing;
    private boolean draining;
    private boolean over;
    private boolean readToTheEnd;
    private boolean reset;

    ScriptedCall(UpstreamRequest request, Script script) {
        this.request = request;
        this.script = script;
    }

    @Override
    public Future<UpstreamAnswer> send() {
        script.play(this);
        return head.future();
    }

    @Override
    public void reset() {
        if (over) {
            return;
        }
        over = true;
        reset = true;
        waiting.clear();
        head.tryFail(new CancellationException("reset"));
    }

    /** Answers with a head. */
    ScriptedCall head(int code, String... fields) {
        status = code;
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        head.complete(this);
        return this;
    }

    ScriptedCall chunk(String text) {
        return chunk(Buffer.buffer(text));
    }

    ScriptedCall chunk(Buffer bytes) {
        return then(() -> onChunk.handle(bytes));
    }

    ScriptedCall end() {
        return then(() -> {
            over = true;
            readToTheEnd = true;
            onEnd.handle(null);
        });
    }

    /** Breaks the connection, before the head or in the body. */
    ScriptedCall fail(Throwable cause) {
        if (head.tryFail(cause)) {
            over = true;
            return this;
        }
        return then(() -> {
            over = true;
            onFailure.handle(cause);
        });
    }

    ScriptedCall cut() {
        return fail(new IOException("Connection reset by peer"));
    }

    private ScriptedCall then(Runnable event) {
        if (!reset) {
            waiting.add(event);
            flow();
        }
        return this;
    }

    private void flow() {
        if (draining) {
            return;
        }
        draining = true;
        while (flowing && !waiting.isEmpty()) {
            waiting.remove().run();
        }
        draining = false;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public MultiMap headers() {
        return headers;
    }

    @Override
    public void read(Handler<Buffer> chunk, Handler<Void> end, Handler<Throwable> failure) {
        onChunk = chunk;
        onEnd = end;
        onFailure = failure;
        resume();
    }

    @Override
    public void pause() {
        flowing = false;
    }

    @Override
    public void resume() {
        flowing = true;
        flow();
    }

    @Override
    public MultiMap trailers() {
        return HttpHeaders.headers();
    }

    UpstreamRequest request() {
        return request;
    }

    boolean paused() {
        return !flowing;
    }

    boolean wasReset() {
        return reset;
    }

    boolean readToTheEnd() {
        return readToTheEnd;
    }

    /** Whether nothing of it is left over: read to its end, broken by the upstream, or reset. */
    boolean over() {
        return over;
    }
}

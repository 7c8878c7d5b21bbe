package io.penstock.upstream;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import org.jspecify.annotations.Nullable;

/** An answer that comes over a Vert.x client. */
final class HttpUpstreamAnswer implements UpstreamAnswer {
    private final HttpClientResponse response;
    private @Nullable Handler<Throwable> reader;
    private @Nullable Throwable broken;

    /** @param owner the event loop that opened the call, on which everything is told */
    HttpUpstreamAnswer(HttpClientResponse response, Context owner) {
        this.response = response;
        response.pause();
        // Vert.x 4 tells of a failed HTTP/1.1 connection on the event loop that opened it, perhaps for another call.
        // What it has told before is still on its way then.
        response.exceptionHandler(failure -> owner.runOnContext(x -> brokeOff(failure)));
    }

    private void brokeOff(Throwable failure) {
        if (reader == null) {
            broken = failure;
        } else {
            reader.handle(failure);
        }
    }

    @Override
    public int status() {
        return response.statusCode();
    }

    @Override
    public MultiMap headers() {
        return response.headers();
    }

    @Override
    public void read(Handler<Buffer> chunk, Handler<Void> end, Handler<Throwable> failure) {
        reader = failure;
        response.handler(chunk);
        response.endHandler(end);
        response.resume();
        if (broken != null) {
            failure.handle(broken);
        }
    }

    @Override
    public void pause() {
        response.pause();
    }

    @Override
    public void resume() {
        response.resume();
    }

    @Override
    public MultiMap trailers() {
        return response.trailers();
    }
}

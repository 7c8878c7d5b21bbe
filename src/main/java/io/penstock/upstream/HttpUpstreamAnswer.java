package io.penstock.upstream;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/** An answer that comes over a Vert.x client. */
final class HttpUpstreamAnswer implements UpstreamAnswer {
    private final HttpClientResponse response;

    HttpUpstreamAnswer(HttpClientResponse response) {
        this.response = response;
        response.pause();
        // An answer that is judged by its head alone is reset unread; without a handler Vert.x logs that as an error.
        response.exceptionHandler(ignored -> {});
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
        response.exceptionHandler(failure);
        response.handler(chunk);
        response.endHandler(end);
        response.resume();
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

package io.penstock.gateway;

import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Reads a request's body whole, because it may have to be sent again, up to a cap that counts the bytes that came, not
 * those that were announced. Owned by one event loop.
 */
final class BoundedBody {
    private final HttpServerRequest request;
    private final long cap;
    private final BodyMemory.Share memory;
    private final Runnable progress;
    private final Consumer<Reading> done;
    private Buffer body = Buffer.buffer();
    private boolean over;

    /** How the reading ended. */
    sealed interface Reading {

        record Whole(Buffer body) implements Reading {}

        record TooLarge(long bytes) implements Reading {}

        /** It was within its cap, but there is no memory for so many bytes beside the other bodies. */
        record NoRoom(long bytes) implements Reading {}

        /** The framing is not HTTP. */
        record Broken() implements Reading {}
    }

    private BoundedBody(
            HttpServerRequest request, long cap, BodyMemory.Share memory, Runnable progress, Consumer<Reading> done) {
        this.request = request;
        this.cap = cap;
        this.memory = memory;
        this.progress = progress;
        this.done = done;
    }

    /**
     * Reads; {@code done} is called once.
     *
     * @param memory grows with the body; whoever asked releases it, however the reading ends
     * @param progress called with every chunk
     */
    static void read(
            HttpServerRequest request, long cap, BodyMemory.Share memory, Runnable progress, Consumer<Reading> done) {
        BoundedBody bounded = new BoundedBody(request, cap, memory, progress, done);
        request.handler(bounded::chunk);
        request.exceptionHandler(bounded::broken);
        request.endHandler(end -> bounded.finish(new Reading.Whole(bounded.body)));
    }

    private void chunk(Buffer chunk) {
        if (over) {
            return;
        }
        progress.run();
        long bytes = (long) body.length() + chunk.length();
        if (bytes > cap) {
            request.pause();
            finish(new Reading.TooLarge(bytes));
        } else if (!memory.grow(chunk.length())) {
            request.pause();
            finish(new Reading.NoRoom(bytes));
        } else {
            body.appendBuffer(chunk);
        }
    }

    /** A client that left is told of by its exchange; what else comes here is the decoder's. */
    private void broken(Throwable failure) {
        if (!(failure instanceof VertxException || failure instanceof IOException)) {
            finish(new Reading.Broken());
        }
    }

    private void finish(Reading reading) {
        if (!over) {
            over = true;
            // The request lives as long as its answer does, and holds on to its handlers.
            body = Buffer.buffer();
            done.accept(reading);
        }
    }
}

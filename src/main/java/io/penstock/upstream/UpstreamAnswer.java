package io.penstock.upstream;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/** The head of an upstream's answer, with its body still waiting: nothing flows until {@link #read}. */
public interface UpstreamAnswer {

    int status();

    MultiMap headers();

    /**
     * Lets the body flow. Called again (by whoever takes the rest over), it replaces the handlers.
     *
     * @param end called once, when the body ended properly
     * @param failure called once instead, when it broke off
     */
    void read(Handler<Buffer> chunk, Handler<Void> end, Handler<Throwable> failure);

    void pause();

    void resume();

    /** The trailers, once the body has ended. */
    MultiMap trailers();
}

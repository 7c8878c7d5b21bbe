package io.penstock.relay;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/** The application's side of an interception, as the relay sees it. Owned by one event loop. */
public interface ClientSide {

    /** Sends status and headers; a body may follow by {@link #write}. */
    void head(int status, MultiMap headers);

    /** Sends the next bytes; false when the application reads too slowly and the sender had better wait for a drain. */
    boolean write(Buffer chunk);

    /** Calls {@code task} once, when there is room again. */
    void onDrain(Runnable task);

    /** Ends the answer properly; succeeds when its last byte has been handed to the network. */
    Future<Void> end(MultiMap trailers);

    /**
     * Sends last words, which may be empty, and then ends the connection as {@link #reset} does, but not before the
     * application has had a chance to read them.
     */
    void breakOff(Buffer lastWords);

    /** Ends the connection (on HTTP/2: the stream) so that the application notices that the answer is not whole. */
    void reset();
}

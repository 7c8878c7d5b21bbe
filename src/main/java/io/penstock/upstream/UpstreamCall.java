package io.penstock.upstream;

import io.vertx.core.Future;

/** One HTTP exchange with an upstream. Owned by the event loop that opened it. */
public interface UpstreamCall {

    /** Sends the request; succeeds with the answer's head. */
    Future<UpstreamAnswer> send();

    /**
     * Ends the exchange wherever it is: RST_STREAM with CANCEL on HTTP/2 (RFC 9113 §7), closing the connection on
     * HTTP/1.1, which has no other way. Does nothing once the exchange is over.
     */
    void reset();
}

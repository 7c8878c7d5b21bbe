package io.penstock.relay;

import io.penstock.upstream.UpstreamAnswer;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/**
 * An error answer of a provider, held back while it is judged.
 *
 * @param answer where the rest of it waits, if there is a rest
 * @param status what the application is to see
 * @param headers what the application is to see
 * @param body its first bytes
 */
record HeldAnswer(UpstreamAnswer answer, int status, MultiMap headers, Buffer body, Extent extent) {

    /** How much of the answer the held bytes are. */
    enum Extent {
        /** All of it. */
        WHOLE,
        /** Its beginning; the rest is still to come. */
        BEGINNING,
        /** All that will ever come of it: its connection broke. */
        BROKEN_OFF
    }

    /** The answer as it came. */
    HeldAnswer(UpstreamAnswer answer, Buffer body, Extent extent) {
        this(answer, answer.status(), answer.headers(), body, extent);
    }

    boolean whole() {
        return extent == Extent.WHOLE;
    }

    /** Whether there is more of it to be had. */
    boolean goesOn() {
        return extent == Extent.BEGINNING;
    }
}

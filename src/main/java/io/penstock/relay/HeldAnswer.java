package io.penstock.relay;

import io.penstock.upstream.UpstreamAnswer;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/**
 * An error answer of a provider, held back while it is judged, as it came.
 *
 * @param answer where the rest of it waits, if there is a rest
 * @param body its first bytes
 */
record HeldAnswer(UpstreamAnswer answer, Buffer body, Extent extent) {

    /** How much of the answer the held bytes are. */
    enum Extent {
        /** All of it. */
        WHOLE,
        /** Its beginning; the rest is still to come. */
        BEGINNING,
        /** All that will ever come of it: its connection broke. */
        BROKEN_OFF
    }

    boolean whole() {
        return extent == Extent.WHOLE;
    }

    /** Whether there is more of it to be had. */
    boolean goesOn() {
        return extent == Extent.BEGINNING;
    }

    int status() {
        return answer.status();
    }

    MultiMap headers() {
        return answer.headers();
    }
}

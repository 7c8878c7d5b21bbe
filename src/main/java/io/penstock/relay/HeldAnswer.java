package io.penstock.relay;

import io.penstock.upstream.UpstreamAnswer;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/**
 * An error answer of a provider, held back while it is judged, as it came.
 *
 * @param answer where the rest of it waits, if there is a rest
 * @param body its first bytes
 * @param whole whether {@code body} is all of it
 */
record HeldAnswer(UpstreamAnswer answer, Buffer body, boolean whole) {

    int status() {
        return answer.status();
    }

    MultiMap headers() {
        return answer.headers();
    }
}

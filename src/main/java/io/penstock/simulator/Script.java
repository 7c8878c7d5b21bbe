package io.penstock.simulator;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a simulated provider does with one exchange, step by step. Immutable; one script may answer any number of
 * exchanges at once. Written as {@code Script.begin().head(200, headers).bytes(…).delay(…).cut()}.
 */
public final class Script implements Provider {
    /** HTTP/2 error codes, RFC 9113 §7. */
    public static final long NO_ERROR = 0;

    public static final long INTERNAL_ERROR = 2;
    public static final long REFUSED_STREAM = 7;

    private final List<Step> steps;

    private Script(List<Step> steps) {
        this.steps = steps;
    }

    public static Draft begin() {
        return new Draft(List.of());
    }

    /** A whole answer with a {@code content-length}. */
    public static Script answer(int status, Headers headers, byte[] body) {
        return begin().head(status, headers.with("content-length", String.valueOf(body.length)))
                .bytes(body)
                .end();
    }

    public static Script answer(int status, Headers headers, String body) {
        return answer(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    /** A whole answer in JSON. */
    public static Script json(int status, String body) {
        return answer(status, Headers.of("content-type", "application/json"), body);
    }

    /** A web page where an API's answer should be: a captive portal, or a proxy on the way. */
    public static Script html(int status) {
        return answer(
                status,
                Headers.of("content-type", "text/html", "server", "cloudflare"),
                "<!DOCTYPE html><html><head><title>%1$d</title></head><body><h1>%1$d</h1></body></html>\n"
                        .formatted(status));
    }

    /** A 200 with nothing in it. */
    public static Script empty() {
        return answer(200, Headers.of("content-type", "application/json"), "");
    }

    @Override
    public Script answer(Exchange exchange) {
        return this;
    }

    List<Step> steps() {
        return steps;
    }

    /** A script that is still being written. Immutable: each method returns a longer one. */
    public static final class Draft {
        private final List<Step> steps;

        private Draft(List<Step> steps) {
            this.steps = steps;
        }

        /** Status and headers, flushed; without a {@code content-length} the HTTP/1.1 body is chunked. */
        public Draft head(int status, Headers headers) {
            return then(new Step.Head(status, headers));
        }

        /** One write. */
        public Draft bytes(byte[] bytes) {
            return parts(List.of(Buffer.buffer(bytes)), Duration.ZERO);
        }

        /** One write, as UTF-8. */
        public Draft bytes(String text) {
            return bytes(text.getBytes(StandardCharsets.UTF_8));
        }

        /** One write per frame, with a pause between two of them. */
        public Draft frames(List<String> frames, Duration between) {
            return parts(frames.stream().map(Buffer::buffer).toList(), between);
        }

        /** The bytes in pieces of {@code size}, with a pause between two of them. */
        public Draft trickle(byte[] bytes, int size, Duration between) {
            return parts(Bytes.slices(Buffer.buffer(bytes), size), between);
        }

        /** The same bytes {@code times} times, with a pause between two of them. */
        public Draft repeat(String text, Duration every, int times) {
            Buffer bytes = Buffer.buffer(text);
            return parts(() -> Stream.generate(() -> bytes).limit(times).iterator(), every);
        }

        /** The same bytes again and again until the other side leaves. */
        public Script repeatForEver(String text, Duration every) {
            Buffer bytes = Buffer.buffer(text);
            if (every.isZero()) {
                throw new IllegalArgumentException("for ever needs a pause");
            }
            return parts(() -> Stream.generate(() -> bytes).iterator(), every).hang();
        }

        public Draft delay(Duration duration) {
            return then(new Step.Delay(duration));
        }

        /** HTTP/2 GOAWAY; if {@code refusing}, with the word that this very request is not processed. */
        public Draft goAway(long errorCode, boolean refusing) {
            return then(new Step.GoAway(errorCode, refusing));
        }

        /** The proper end of the answer. */
        public Script end() {
            return lastly(new Step.End());
        }

        /** Closes the TCP connection without ending the answer: no last chunk, no farewell of any layer. */
        public Script cut() {
            return lastly(new Step.Cut());
        }

        /** {@link #reset(long)} with {@code INTERNAL_ERROR}. */
        public Script reset() {
            return reset(INTERNAL_ERROR);
        }

        /** Resets the HTTP/2 stream; with HTTP/1.1 the TCP connection is reset, and what was written may be lost. */
        public Script reset(long errorCode) {
            return lastly(new Step.Reset(errorCode));
        }

        /** Says nothing more and keeps the connection open until the other side leaves. */
        public Script hang() {
            return lastly(new Step.Hang());
        }

        private Draft parts(Iterable<Buffer> parts, Duration between) {
            if (steps.stream().noneMatch(Step.Head.class::isInstance)) {
                throw new IllegalStateException("bytes before the head");
            }
            return then(new Step.Parts(parts, between));
        }

        private Draft then(Step step) {
            return new Draft(append(step));
        }

        private Script lastly(Step step) {
            return new Script(append(step));
        }

        private List<Step> append(Step step) {
            List<Step> longer = new ArrayList<>(steps);
            longer.add(step);
            return List.copyOf(longer);
        }
    }
}

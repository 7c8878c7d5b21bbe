package io.penstock.relay;

import io.penstock.classify.Classification;
import io.penstock.classify.Fault;
import io.penstock.dialect.AnswerObserver;
import io.penstock.dialect.AnswerObservers;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.MediaType;
import io.penstock.dialect.Operation;
import io.penstock.dialect.ProviderError;
import io.vertx.core.buffer.Buffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a provider says of Penstock's own account in the middle of a stream from an application that Penstock lent a
 * key: lets whole frames through, and from the first that tells such an error on nothing more. What has come of a frame
 * that is not whole yet waits for its rest, up to a bound; half a frame is of no use to anybody. Owned by one event loop.
 */
final class AccountScreen {
    /** Longer than any error; what is longer is content, and goes on. */
    private static final int MAX_HELD = 64 * 1024;

    private final AnswerObserver observer;
    private final boolean events;
    private final Function<ProviderError, Classification> classify;
    private Buffer held = Buffer.buffer();
    /** How much of what is held has been searched for the end of a frame. */
    private int scanned;

    private boolean clear;
    private @Nullable Classification found;

    /** @param classify what an error in the stream is */
    AccountScreen(
            Dialect dialect,
            Operation operation,
            @Nullable String contentType,
            Function<ProviderError, Classification> classify) {
        this.observer = AnswerObservers.of(dialect, operation, contentType);
        this.events = MediaType.of(contentType) == MediaType.EVENT_STREAM;
        this.classify = classify;
    }

    /** The next bytes; returns those that may go on to the application. */
    Buffer pass(Buffer chunk) {
        if (clear) {
            return chunk;
        }
        held.appendBuffer(chunk);
        Buffer through = Buffer.buffer();
        int from = 0;
        for (int i = scanned; i < held.length() && found == null && !clear; i++) {
            if (frameEnds(i)) {
                from = look(from, i + 1, through);
            }
        }
        if (found == null && !events) {
            // No blank lines to go by: an array's elements come a chunk each.
            from = look(from, held.length(), through);
        }
        if (clear) {
            through.appendBuffer(held.slice(from, held.length()));
            from = held.length();
        } else if (found == null && held.length() - from > MAX_HELD) {
            from = look(from, held.length(), through);
        }
        held = found != null ? Buffer.buffer() : held.getBuffer(from, held.length());
        scanned = held.length();
        return through;
    }

    /** The stream has ended; returns what may go on to the application of the frame that was not whole. */
    Buffer end() {
        if (held.length() == 0) {
            return held;
        }
        Buffer last = held;
        held = Buffer.buffer();
        Buffer through = Buffer.buffer();
        observer.feed(last.getBytes(), 0, last.length());
        observer.end();
        judge();
        return found == null ? through.appendBuffer(last) : through;
    }

    /** The error that was kept back, or null. */
    @Nullable
    Classification found() {
        return found;
    }

    private int look(int from, int to, Buffer through) {
        observer.feed(held.getBytes(from, to), 0, to - from);
        judge();
        if (found != null) {
            return from;
        }
        through.appendBuffer(held.slice(from, to));
        return to;
    }

    private void judge() {
        ProviderError error = observer.error();
        if (error != null) {
            Classification classified = classify.apply(error);
            if (classified.category().fault() == Fault.ACCOUNT) {
                found = classified;
            } else {
                clear = true;
            }
        }
    }

    /** Whether an event ends with this byte: a line end directly behind a line end (WHATWG HTML §9.2.6). */
    private boolean frameEnds(int at) {
        if (!events || !lineEnd(at)) {
            return false;
        }
        int before = at - 1;
        if (held.getByte(at) == '\n' && before >= 0 && held.getByte(before) == '\r') {
            before--;
        }
        return before >= 0 && lineEnd(before);
    }

    private boolean lineEnd(int at) {
        return held.getByte(at) == '\n' || held.getByte(at) == '\r';
    }
}

package io.penstock.relay;

import io.penstock.classify.Classification;
import io.penstock.classify.Signal;
import io.penstock.dialect.TerminalFrame;
import io.penstock.upstream.TransportFailure;
import io.penstock.upstream.UpstreamAnswer;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries a committed answer to the application, byte for byte, no faster than the application reads, while an observer
 * looks on. The observer sees a chunk after it has been sent: observing never delays it. Owned by one event loop.
 */
final class ResponsePump {
    private final ClientSide client;
    private final ObservedAnswer observed;
    private final UpstreamAnswer answer;
    private final @Nullable TerminalFrame position;
    private final @Nullable AccountScreen screen;
    private final Timers timers;
    private final Silence silence;
    private final Runnable firstContentSeen;
    private final Consumer<PumpEnd> ended;

    private Timers.Timer firstContent = Timers.Timer.NONE;
    private boolean contentSeen;
    private boolean clientFull;
    private boolean over;
    private long bytes;

    /**
     * @param position told of every byte that is sent, or null
     * @param screen asked what of it may be sent, or null where all may
     * @param idle how long the upstream may be silent, once content has begun, while the application is ready to read
     * @param firstContentSeen run once, at the first content
     * @param ended told once how it ended, unless {@link #stop} came first
     */
    ResponsePump(
            Commit commit,
            @Nullable TerminalFrame position,
            @Nullable AccountScreen screen,
            Timers timers,
            Duration idle,
            Runnable firstContentSeen,
            Consumer<PumpEnd> ended) {
        this.client = commit.client();
        this.observed = commit.observed();
        this.answer = observed.answer();
        this.position = position;
        this.screen = screen;
        this.timers = timers;
        this.silence = new Silence(timers, idle, this::silent);
        this.firstContentSeen = firstContentSeen;
        this.ended = ended;
    }

    /**
     * Starts with what was held, which the observer has seen already.
     *
     * @param untilFirstContent what is left of the time to the first content
     */
    void start(Opening opening, Duration untilFirstContent) {
        noteContent();
        if (!contentSeen) {
            firstContent = timers.after(
                    untilFirstContent,
                    () -> finish(new PumpEnd.Broken(Signal.FIRST_CONTENT_TIMEOUT, "no content came")));
        }
        flow(opening.held(), opening.ended());
    }

    /** Starts with what was read of an error that has been judged already, and so has no first content to wait for. */
    void startWith(Buffer held) {
        contentSeen = true;
        silence.start();
        flow(held, false);
    }

    private void flow(Buffer held, boolean whole) {
        if (held.length() > 0) {
            sendScreened(held);
        }
        if (withheld()) {
            return;
        }
        if (whole) {
            upstreamEnded();
            return;
        }
        answer.read(this::chunk, end -> upstreamEnded(), this::upstreamFailed);
        if (clientFull) {
            answer.pause();
        }
    }

    /** Stops without a word: what becomes of both connections is the caller's. Does nothing once the end is known. */
    void stop() {
        if (!over) {
            over = true;
            firstContent.cancel();
            silence.stop();
            observed.close();
        }
    }

    /** Whether the upstream is kept waiting because the application does not read. */
    boolean waitsForClient() {
        return clientFull;
    }

    long bytes() {
        return bytes;
    }

    private void chunk(Buffer chunk) {
        if (over) {
            return;
        }
        silence.noise();
        sendScreened(chunk);
        observed.see(chunk);
        if (!withheld()) {
            noteContent();
        }
    }

    private void sendScreened(Buffer chunk) {
        Buffer through = screen == null ? chunk : screen.pass(chunk);
        if (through.length() > 0) {
            send(through);
        }
    }

    /** Ends where the rest is not for the application. */
    private boolean withheld() {
        Classification error = screen == null ? null : screen.found();
        if (error == null) {
            return false;
        }
        finish(new PumpEnd.Withheld(error));
        return true;
    }

    /** Sends what was kept of a frame that will not be whole any more, unless it is not for the application. */
    private void finishWithRest(PumpEnd end) {
        Buffer rest = screen == null || over ? Buffer.buffer() : screen.end();
        if (rest.length() > 0) {
            send(rest);
        }
        if (!withheld()) {
            finish(end);
        }
    }

    private void send(Buffer chunk) {
        bytes += chunk.length();
        if (position != null) {
            position.follow(chunk.getBytes(), 0, chunk.length());
        }
        if (!client.write(chunk) && !clientFull) {
            clientFull = true;
            answer.pause();
            client.onDrain(this::drained);
        }
    }

    private void noteContent() {
        if (!contentSeen && observed.contentSeen()) {
            contentSeen = true;
            firstContent.cancel();
            silence.start();
            firstContentSeen.run();
        }
    }

    private void drained() {
        clientFull = false;
        silence.noise();
        if (!over) {
            answer.resume();
        }
    }

    private void silent() {
        if (clientFull) {
            // The application is the slow one; the deadline bounds that.
            silence.start();
        } else {
            finishWithRest(new PumpEnd.Broken(Signal.IDLE_TIMEOUT, "the upstream fell silent"));
        }
    }

    private void upstreamEnded() {
        if (!over) {
            observed.end();
            finishWithRest(new PumpEnd.Ended());
        }
    }

    private void upstreamFailed(Throwable failure) {
        finishWithRest(
                new PumpEnd.Broken(Signal.TRUNCATED, "the answer broke off: " + TransportFailure.describe(failure)));
    }

    private void finish(PumpEnd end) {
        if (!over) {
            stop();
            ended.accept(end);
        }
    }
}

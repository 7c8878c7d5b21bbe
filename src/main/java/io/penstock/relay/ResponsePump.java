package io.penstock.relay;

import io.penstock.classify.Signal;
import io.penstock.dialect.AnswerObserver;
import io.penstock.dialect.ContentDecoder;
import io.penstock.upstream.TransportFailure;
import io.penstock.upstream.UpstreamAnswer;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Carries a committed answer to the application, byte for byte, no faster than the application reads, while an observer
 * looks on. The observer sees a chunk after it has been sent: observing never delays it. Owned by one event loop.
 */
final class ResponsePump {
    private final ClientSide client;
    private final UpstreamAnswer answer;
    private final AnswerObserver observer;
    private final ContentDecoder decoder;
    private final Timers timers;
    private final Silence silence;
    private final Runnable firstContentSeen;
    private final Consumer<PumpEnd> ended;

    private Timers.Timer firstContent = Timers.Timer.NONE;
    private boolean contentSeen;
    private boolean clientFull;
    private boolean over;
    private boolean readable;
    private long bytes;

    /**
     * @param idle how long the upstream may be silent while the application is ready to read
     * @param firstContentSeen run once, at the first content
     * @param ended told once how it ended, unless {@link #stop} came first
     */
    ResponsePump(
            Commit commit,
            AnswerObserver observer,
            ContentDecoder decoder,
            Timers timers,
            Duration idle,
            Runnable firstContentSeen,
            Consumer<PumpEnd> ended) {
        this.client = commit.client();
        this.answer = commit.answer();
        this.observer = observer;
        this.decoder = decoder;
        this.timers = timers;
        this.silence = new Silence(timers, idle, this::silent);
        this.firstContentSeen = firstContentSeen;
        this.ended = ended;
    }

    /** @param untilFirstContent what is left of the time to the first content */
    void start(Duration untilFirstContent) {
        firstContent = timers.after(
                untilFirstContent, () -> finish(new PumpEnd.Broken(Signal.FIRST_CONTENT_TIMEOUT, "no content came")));
        silence.start();
        read();
    }

    /** Starts with what was read of an error that has been judged already, and so has no first content to wait for. */
    void startWith(Buffer held) {
        silence.start();
        chunk(held);
        read();
        if (clientFull) {
            answer.pause();
        }
    }

    private void read() {
        answer.read(this::chunk, end -> upstreamEnded(), this::upstreamFailed);
    }

    /** Stops without a word: what becomes of both connections is the caller's. Does nothing once the end is known. */
    void stop() {
        if (!over) {
            over = true;
            firstContent.cancel();
            silence.stop();
            readable = decoder.readable();
            decoder.close();
        }
    }

    /** Whether the observer has seen all that passed, in a coding that made sense; known once the pump has stopped. */
    boolean readable() {
        return readable;
    }

    long bytes() {
        return bytes;
    }

    private void chunk(Buffer chunk) {
        if (over) {
            return;
        }
        bytes += chunk.length();
        silence.noise();
        if (!client.write(chunk) && !clientFull) {
            clientFull = true;
            answer.pause();
            client.onDrain(this::drained);
        }
        observe(chunk);
    }

    private void observe(Buffer chunk) {
        byte[] raw = chunk.getBytes();
        decoder.feed(raw, 0, raw.length, observer::feed);
        if (!contentSeen && (observer.contentSeen() || !decoder.readable())) {
            contentSeen = true;
            firstContent.cancel();
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
            finish(new PumpEnd.Broken(Signal.IDLE_TIMEOUT, "the upstream fell silent"));
        }
    }

    private void upstreamEnded() {
        if (over) {
            return;
        }
        stop();
        observer.end();
        client.end(answer.trailers()).onComplete(done -> ended.accept(new PumpEnd.Finished()));
    }

    private void upstreamFailed(Throwable failure) {
        finish(new PumpEnd.Broken(Signal.TRUNCATED, "the answer broke off: " + TransportFailure.describe(failure)));
    }

    private void finish(PumpEnd end) {
        if (!over) {
            stop();
            ended.accept(end);
        }
    }
}

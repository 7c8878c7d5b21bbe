package io.penstock.relay;

import io.penstock.classify.Classification;
import io.penstock.classify.Classifier;
import io.penstock.classify.Failure;
import io.penstock.classify.Phase;
import io.penstock.classify.Signal;
import io.penstock.classify.Subject;
import io.penstock.dialect.ContentDecoder;
import io.penstock.dialect.ErrorBodyReader;
import io.penstock.dialect.ProviderError;
import io.penstock.relay.HeldAnswer.Extent;
import io.penstock.upstream.TransportFailure;
import io.penstock.upstream.Upstream;
import io.penstock.upstream.UpstreamAnswer;
import io.penstock.upstream.UpstreamCall;
import io.penstock.upstream.UpstreamRequest;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One call to one upstream with one credential, up to the moment when it is known whether its answer may be committed.
 * Owned by one event loop; {@link #close} or {@link #finished} is called on every path.
 */
final class Attempt {
    private final Upstream upstream;
    private @Nullable UpstreamRequest request;
    private final RelayRequest of;
    private final Subject subject;
    private final Classifier classifier;
    private final Timers timers;
    private final long started;

    private @Nullable UpstreamCall call;
    private Timers.Timer firstContent = Timers.Timer.NONE;
    private Timers.Timer bodyWait = Timers.Timer.NONE;
    private @Nullable CommitGate gate;
    private @Nullable ObservedAnswer observed;
    private boolean settled;
    private boolean closed;

    /** @param request what this upstream is sent; {@code of} is what the application asked for */
    Attempt(Upstream upstream, UpstreamRequest request, RelayRequest of, Timers timers) {
        this.upstream = upstream;
        this.request = request;
        this.of = of;
        this.subject = of.subject(upstream, false);
        this.classifier = of.upstreams().classifier();
        this.timers = timers;
        this.started = timers.nanos();
    }

    /** Makes the call. Cancelling the {@code Uni} does not reset the call; {@link #close} does. */
    Uni<AttemptOutcome> run() {
        return Uni.createFrom().<AttemptOutcome>emitter(this::send);
    }

    Duration elapsed() {
        return Duration.ofNanos(timers.nanos() - started);
    }

    /** What is left of the time to the first content; not negative. */
    Duration untilFirstContent() {
        Duration left = upstream.policy().timeouts().firstContent().minus(elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** The answer under observation, or null where its status was an error's. */
    @Nullable
    ObservedAnswer observed() {
        return observed;
    }

    /** Ends the exchange wherever it is: resets the call. */
    void close() {
        end(true);
    }

    /** The answer was read to its end: the connection may be used again. */
    void finished() {
        end(false);
    }

    private void end(boolean reset) {
        if (closed) {
            return;
        }
        closed = true;
        stopWaiting();
        if (observed != null) {
            observed.close();
        }
        if (call != null) {
            if (reset) {
                call.reset();
            }
            upstream.release();
        }
    }

    private void send(UniEmitter<? super AttemptOutcome> emitter) {
        firstContent = timers.after(
                upstream.policy().timeouts().firstContent(),
                () -> settle(emitter, signalled(Signal.FIRST_CONTENT_TIMEOUT, null, Phase.PRE_COMMIT)));
        UpstreamCall opened = upstream.open(Objects.requireNonNull(request, "an attempt is made once"));
        request = null;
        call = opened;
        opened.send()
                .onSuccess(answer -> answered(emitter, answer))
                .onFailure(failure -> settle(emitter, broken(failure)));
    }

    private void answered(UniEmitter<? super AttemptOutcome> emitter, UpstreamAnswer answer) {
        if (settled) {
            return;
        }
        if (!CommitGate.goodStatus(answer.status())) {
            firstContent.cancel();
            bodyWait = HeldBody.read(answer, timers, held -> settle(emitter, judged(held)));
            return;
        }
        ObservedAnswer watched = ObservedAnswer.of(answer, of);
        observed = watched;
        CommitGate judging = new CommitGate(
                watched,
                of.route().hold(),
                timers,
                () -> firstContent.cancel(),
                verdict -> settle(emitter, outcome(verdict, watched)));
        gate = judging;
        judging.begin();
    }

    private void settle(UniEmitter<? super AttemptOutcome> emitter, AttemptOutcome outcome) {
        if (!settled) {
            stopWaiting();
            emitter.complete(outcome);
        }
    }

    private void stopWaiting() {
        settled = true;
        firstContent.cancel();
        bodyWait.cancel();
        if (gate != null) {
            gate.stop();
        }
    }

    private AttemptOutcome outcome(CommitGate.Verdict verdict, ObservedAnswer watched) {
        if (verdict instanceof CommitGate.Verdict.Open open) {
            return new AttemptOutcome.Good(open.opening());
        }
        CommitGate.Verdict.Shut shut = (CommitGate.Verdict.Shut) verdict;
        Classification classification = classifier.classify(shut.failure(), subject);
        return new AttemptOutcome.Failed(
                classification,
                Phase.PRE_COMMIT,
                false,
                watched.answer().status(),
                shut.extent() == Extent.WHOLE,
                shut.failure() instanceof Failure.InBand told
                        ? InBandAnswer.of(watched, shut, told.error(), classification, of)
                        : null);
    }

    private AttemptOutcome judged(HeldAnswer held) {
        ProviderError error = ErrorBodyReader.read(decoded(held), held.headers().get(HttpHeaders.CONTENT_TYPE));
        Classification classification =
                classifier.classify(new Failure.Answer(held.status(), held.headers()::get, error), subject);
        return new AttemptOutcome.Failed(classification, Phase.PRE_COMMIT, false, held.status(), held.whole(), held);
    }

    private AttemptOutcome broken(Throwable failure) {
        Signal signal = TransportFailure.of(failure);
        if (signal == Signal.CONNECT_TIMEOUT && upstream.saturated()) {
            signal = Signal.POOL_EXHAUSTED;
        }
        return signalled(signal, TransportFailure.describe(failure), signal.phase(false));
    }

    private AttemptOutcome signalled(Signal signal, @Nullable String detail, Phase phase) {
        return new AttemptOutcome.Failed(
                classifier.classify(new Failure.Signalled(signal, detail), subject),
                phase,
                signal == Signal.POOL_EXHAUSTED,
                observed == null ? null : observed.answer().status(),
                false,
                null);
    }

    /** The body without its content coding; empty where the coding is one that Penstock cannot read. */
    private static byte[] decoded(HeldAnswer held) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(held.body().length());
        try (ContentDecoder decoder = ContentDecoder.of(held.headers().get(HttpHeaders.CONTENT_ENCODING))) {
            byte[] raw = held.body().getBytes();
            decoder.feed(raw, 0, raw.length, plain::write);
        }
        return plain.toByteArray();
    }
}

package io.penstock.relay;

import io.penstock.classify.Classification;
import io.penstock.classify.Phase;
import io.penstock.classify.RetryHint;
import io.penstock.classify.Signal;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import io.penstock.relay.BestEvidence.Failed;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One interception, from a request that is ready to be relayed to its record. Lets {@link AttemptLoop} make attempts until
 * one may be committed or none is left, and ends exactly once, whoever ends it: the answer, a timer, or the application
 * that leaves.
 *
 * <p>Owned by the event loop of the application's connection; not thread-safe.
 */
public final class Relay {
    private static final Logger LOG = Logger.getLogger(Relay.class);

    /** When an application that was interrupted may well come again: by then another instance answers. */
    public static final Duration RETRY_AFTER_INTERRUPT = Duration.ofSeconds(1);

    private final RelayRequest request;
    private final ClientSide client;
    private final InterceptionDraft draft;
    private final RelayServices services;
    private final Consumer<Interception> ended;
    private final Deadline deadline;
    private final AttemptLoop attempts;

    private Timers.Timer deadlineTimer = Timers.Timer.NONE;
    private @Nullable Delivery delivery;
    private boolean over;

    /** @param ended told once, with the record, when the interception has ended */
    public Relay(
            RelayRequest request,
            ClientSide client,
            InterceptionDraft draft,
            RelayServices services,
            Consumer<Interception> ended) {
        this.request = request;
        this.client = client;
        this.draft = draft;
        this.services = services;
        this.ended = ended;
        this.deadline = new Deadline(request.route().deadline(), draft);
        this.attempts = new AttemptLoop(request, draft, services, deadline, this::attempted);
    }

    /** Begins. The answer goes to the client's side. */
    public void start() {
        if (deadline.left().isZero()) {
            deadlinePassed();
            return;
        }
        deadlineTimer = services.timers().after(deadline.left(), this::deadlinePassed);
        attempts.start();
    }

    /** The application has left. Ends everything at once, unless the end was known already. */
    public void clientGone() {
        if (over) {
            return;
        }
        if (delivery != null) {
            delivery.clientGone();
            return;
        }
        attempts.abandon();
        finish(draft.canceled());
    }

    /** The program ends and cannot wait any longer. Ends everything at once, unless the end was known already. */
    public void interrupt(String reason) {
        if (over) {
            return;
        }
        if (delivery != null) {
            delivery.abort(Signal.NO_UPSTREAM, reason);
            return;
        }
        attempts.abandon();
        Classification error = request.signalled(Signal.NO_UPSTREAM, reason, null)
                .withRetryHint(new RetryHint(RETRY_AFTER_INTERRUPT, "gateway"));
        giveUp(new Failed(error, Phase.GATEWAY, null, null));
    }

    private void attempted(LoopEnd end) {
        if (end instanceof LoopEnd.Answered answered) {
            commit(answered.turn(), answered.good());
        } else if (end instanceof LoopEnd.LongError longError) {
            passOn(longError.turn(), longError.error(), longError.held());
        } else if (end instanceof LoopEnd.NoneLeft noneLeft) {
            giveUp(noneLeft.best());
        } else {
            failedInside(((LoopEnd.Bug) end).cause());
        }
    }

    private void commit(Turn good, AttemptOutcome.Good outcome) {
        ObservedAnswer observed = outcome.opening().observed();
        MultiMap headers = HttpHeaders.headers().addAll(observed.answer().headers());
        AnswerHeaders.identify(headers, draft.id(), good.upstream().name(), draft.attempts() + 1);
        deliver(good, Commit.make(client, observed, observed.answer().status(), headers), null)
                .start(outcome.opening(), good.attempt().untilFirstContent());
    }

    /** Passes on an error answer that is not held whole: what was held goes first, then the rest. */
    private void passOn(Turn failed, Classification error, HeldAnswer held) {
        MultiMap headers = HttpHeaders.headers().addAll(held.headers());
        AnswerHeaders.identify(headers, draft.id(), failed.upstream().name(), draft.attempts() + 1);
        AnswerHeaders.explain(
                headers,
                error,
                held.status(),
                draft.attempts() > 0,
                request.route().maxRetryAfter());
        ObservedAnswer observed = failed.attempt().observed();
        ObservedAnswer seen = observed != null ? observed : ObservedAnswer.unread(held.answer(), request);
        deliver(failed, Commit.make(client, seen, held.status(), headers), error)
                .startWith(held.body());
    }

    private Delivery deliver(Turn committed, Commit commit, @Nullable Classification error) {
        request.body().release();
        Delivery begun = new Delivery(
                commit,
                request,
                draft,
                services,
                committed.upstream().policy().timeouts().idle(),
                request.subject(committed.upstream(), true),
                error,
                committed.key() != null,
                (outcome, failure, phase, whole, blameless) ->
                        delivered(committed, commit, outcome, failure, phase, whole, blameless));
        delivery = begun;
        return begun;
    }

    private void delivered(
            Turn committed,
            Commit commit,
            Outcome outcome,
            @Nullable Classification error,
            Phase phase,
            boolean whole,
            boolean blameless) {
        if (whole) {
            committed.attempt().finished();
        } else {
            committed.attempt().close();
        }
        if (error == null) {
            committed.permit().succeeded();
        } else {
            committed.failed(error, blameless);
        }
        draft.attempt(committed.record(commit.status(), error, outcome == Outcome.CANCELED, false));
        if (outcome == Outcome.CANCELED) {
            finish(draft.canceled());
        } else {
            finish(error == null ? draft.succeeded() : draft.failed(error, phase));
        }
    }

    private void deadlinePassed() {
        if (delivery != null) {
            delivery.abort(Signal.DEADLINE, deadline.detail());
        } else {
            giveUp(attempts.timeIsUp());
        }
    }

    /** Answers with the best evidence of all attempts. */
    private void giveUp(Failed best) {
        FinalAnswer.send(client, draft, request.route(), best);
        finish(draft.failed(best.classification(), best.phase()));
    }

    private void failedInside(Throwable bug) {
        LOG.errorf(bug, "interception %s failed inside Penstock", draft.id());
        if (over) {
            return;
        }
        attempts.drop();
        client.reset();
        finish(draft.failed(request.signalled(Signal.RESET, "internal error", null), Phase.GATEWAY));
    }

    private void finish(Interception interception) {
        if (!over) {
            over = true;
            deadlineTimer.cancel();
            ended.accept(interception);
        }
    }
}

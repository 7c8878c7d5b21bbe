package io.penstock.relay;

import io.penstock.breaker.Permit;
import io.penstock.classify.Classification;
import io.penstock.classify.Failure;
import io.penstock.classify.Phase;
import io.penstock.classify.RetryHint;
import io.penstock.classify.Signal;
import io.penstock.classify.Subject;
import io.penstock.dialect.RequestHead;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import io.penstock.relay.BestEvidence.Failed;
import io.penstock.upstream.ApiKey;
import io.penstock.upstream.Upstream;
import io.penstock.upstream.UpstreamRequest;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One interception, from a request that is ready to be relayed to its record. Makes attempts until one may be committed
 * or none is left, and ends exactly once, whoever ends it: the answer, a timer, or the application that leaves.
 *
 * <p>Owned by the event loop of the application's connection; not thread-safe.
 */
public final class Relay {
    private static final Logger LOG = Logger.getLogger(Relay.class);
    /** While half-open probes are under way it cannot be known when they end. */
    private static final Duration MIN_RETRY_AFTER = Duration.ofSeconds(1);

    private static final Cancellable NOTHING = () -> {};

    private final RelayRequest request;
    private final ClientSide client;
    private final InterceptionDraft draft;
    private final RelayServices services;
    private final Consumer<Interception> ended;
    private final AttemptPlan plan;
    private final Reactions reactions;
    private final BestEvidence evidence = new BestEvidence();

    private Timers.Timer deadline = Timers.Timer.NONE;
    private Timers.Timer wait = Timers.Timer.NONE;
    private Cancellable running = NOTHING;
    private @Nullable Turn turn;
    private @Nullable Delivery delivery;
    private int retries;
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
        this.plan = new AttemptPlan(request.route(), request.upstreams(), services.random());
        this.reactions = new Reactions(new Backoff(services.random()));
    }

    /** Begins. The answer goes to the client's side. */
    public void start() {
        Duration left = left();
        if (left.isZero()) {
            deadlinePassed();
            return;
        }
        deadline = services.timers().after(left, this::deadlinePassed);
        nextUpstream(AttemptReason.FIRST);
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
        stopAttempts();
        if (turn != null) {
            turn.attempt().close();
            turn.permit().abandoned();
            note(turn, null, null, true, false);
        }
        finish(draft.canceled());
    }

    private void nextUpstream(AttemptReason reason) {
        Optional<Upstream> next = plan.next();
        if (next.isEmpty()) {
            giveUp();
            return;
        }
        retries = 0;
        next.get().retryBudget().request();
        attempt(next.get(), reason, Duration.ZERO);
    }

    private void attempt(Upstream upstream, AttemptReason reason, Duration waited) {
        try {
            // Everything that could fail comes before the permit, which nothing else would close.
            ApiKey key = plan.key();
            Attempt attempt = new Attempt(
                    upstream,
                    requestFor(upstream, key),
                    request.head().operation(),
                    subject(upstream, false),
                    request.upstreams().classifier(),
                    services.timers());
            Optional<Permit> permit = upstream.breaker().tryAcquire();
            if (permit.isEmpty()) {
                evidence.add(circuitOpen(upstream));
                nextUpstream(AttemptReason.FAILOVER);
            } else {
                run(new Turn(upstream, key, attempt, permit.get(), reason, waited));
            }
        } catch (RuntimeException bug) {
            failedInside(bug);
        }
    }

    private void run(Turn begun) {
        turn = begun;
        draft.upstream(begun.upstream().name());
        running = begun.attempt().run().subscribe().with(outcome -> guarded(begun, outcome), this::failedInside);
    }

    /** Whatever a peer made Penstock stumble over, the interception still ends. */
    private void guarded(Turn settled, AttemptOutcome outcome) {
        try {
            settled(settled, outcome);
        } catch (RuntimeException bug) {
            failedInside(bug);
        }
    }

    private void settled(Turn settled, AttemptOutcome outcome) {
        if (outcome instanceof AttemptOutcome.Good good) {
            commit(settled, good);
            return;
        }
        AttemptOutcome.Failed failed = (AttemptOutcome.Failed) outcome;
        Classification error = failed.classification();
        evidence.add(new Failed(error, failed.phase(), settled.upstream().name(), failed.held()));
        Decision decision = reactions.decide(error, settled.upstream(), retries, left(), plan);
        HeldAnswer held = failed.held();
        if (decision instanceof Decision.Return && held != null && held.goesOn()) {
            passOn(settled, error, held);
            return;
        }
        if (held != null && held.whole()) {
            settled.attempt().finished();
        } else {
            settled.attempt().close();
        }
        settled.tellBreaker(error, failed.blameless());
        note(settled, held == null ? null : held.status(), error, false, refused(decision));
        turn = null;
        act(decision, settled);
    }

    private void act(Decision decision, Turn after) {
        if (decision instanceof Decision.Retry retry) {
            retries++;
            if (retry.delay().isZero()) {
                attempt(after.upstream(), AttemptReason.RETRY, Duration.ZERO);
            } else {
                wait = services.timers()
                        .after(retry.delay(), () -> attempt(after.upstream(), AttemptReason.RETRY, retry.delay()));
            }
        } else if (decision instanceof Decision.RotateKey) {
            attempt(after.upstream(), AttemptReason.ROTATE_KEY, Duration.ZERO);
        } else if (decision instanceof Decision.FailOver) {
            nextUpstream(AttemptReason.FAILOVER);
        } else {
            giveUp();
        }
    }

    private void commit(Turn good, AttemptOutcome.Good outcome) {
        MultiMap headers = HttpHeaders.headers().addAll(outcome.answer().headers());
        AnswerHeaders.identify(headers, draft.id(), good.upstream().name(), draft.attempts() + 1);
        deliver(good, Commit.make(client, outcome.answer(), headers), null)
                .start(good.attempt().untilFirstContent());
    }

    /** Passes on an error answer that is too long, or too slow, to be held: what was held goes first, then the rest. */
    private void passOn(Turn failed, Classification error, HeldAnswer held) {
        MultiMap headers = HttpHeaders.headers().addAll(held.headers());
        AnswerHeaders.identify(headers, draft.id(), failed.upstream().name(), draft.attempts() + 1);
        AnswerHeaders.explain(
                headers,
                error,
                held.status(),
                draft.attempts() > 0,
                request.route().maxRetryAfter());
        deliver(failed, Commit.make(client, held.answer(), headers), error).startWith(held.body());
    }

    private Delivery deliver(Turn committed, Commit commit, @Nullable Classification error) {
        request.body().release();
        Delivery begun = new Delivery(
                commit,
                request,
                draft,
                services,
                committed.upstream().policy().timeouts().idle(),
                subject(committed.upstream(), true),
                error,
                (outcome, failure, phase, whole) -> delivered(committed, commit, outcome, failure, phase, whole));
        delivery = begun;
        return begun;
    }

    private void delivered(
            Turn committed,
            Commit commit,
            Outcome outcome,
            @Nullable Classification error,
            Phase phase,
            boolean whole) {
        if (whole) {
            committed.attempt().finished();
        } else {
            committed.attempt().close();
        }
        if (error == null) {
            committed.permit().succeeded();
        } else {
            committed.tellBreaker(error, false);
        }
        note(committed, commit.answer().status(), error, outcome == Outcome.CANCELED, false);
        if (outcome == Outcome.CANCELED) {
            finish(draft.canceled());
        } else {
            finish(error == null ? draft.succeeded() : draft.failed(error, phase));
        }
    }

    private void deadlinePassed() {
        if (delivery != null) {
            delivery.abort(Signal.DEADLINE, deadlineDetail());
            return;
        }
        stopAttempts();
        Upstream upstream = turn == null ? null : turn.upstream();
        Classification error = signalled(Signal.DEADLINE, deadlineDetail(), upstream);
        if (turn != null) {
            turn.attempt().close();
            turn.tellBreaker(error, false);
            note(turn, null, error, false, false);
            turn = null;
        }
        evidence.add(new Failed(error, Phase.PRE_COMMIT, upstream == null ? null : upstream.name(), null));
        giveUp();
    }

    /** Answers with the best evidence of all attempts. */
    private void giveUp() {
        Failed best = evidence.best();
        Failed ending =
                best != null ? best : new Failed(signalled(Signal.NO_UPSTREAM, null, null), Phase.GATEWAY, null, null);
        FinalAnswer.send(client, draft, request.route(), ending);
        finish(draft.failed(ending.classification(), ending.phase()));
    }

    private void failedInside(Throwable bug) {
        LOG.errorf(bug, "interception %s failed inside Penstock", draft.id());
        if (over) {
            return;
        }
        stopAttempts();
        if (turn != null) {
            turn.attempt().close();
            turn.permit().abandoned();
        }
        client.reset();
        finish(draft.failed(signalled(Signal.RESET, "internal error", null), Phase.GATEWAY));
    }

    private void stopAttempts() {
        running.cancel();
        wait.cancel();
    }

    private void finish(Interception interception) {
        if (!over) {
            over = true;
            deadline.cancel();
            ended.accept(interception);
        }
    }

    private void note(
            Turn done, @Nullable Integer status, @Nullable Classification error, boolean canceled, boolean refused) {
        draft.attempt(done.record(status, error, canceled, refused));
    }

    private Failed circuitOpen(Upstream upstream) {
        Duration left = upstream.breaker().openFor();
        Classification error = signalled(
                        Signal.CIRCUIT_OPEN, "the circuit of " + upstream.name() + " is open", upstream)
                .withRetryHint(new RetryHint(left.isZero() ? MIN_RETRY_AFTER : left, "circuit"));
        return new Failed(error, Phase.GATEWAY, upstream.name(), null);
    }

    private Classification signalled(Signal signal, @Nullable String detail, @Nullable Upstream upstream) {
        return request.upstreams()
                .classifier()
                .classify(new Failure.Signalled(signal, detail), subject(upstream, false));
    }

    private Subject subject(@Nullable Upstream upstream, boolean committed) {
        return new Subject(
                request.route().dialect(),
                upstream == null ? null : upstream.name(),
                request.head().model(),
                committed);
    }

    private UpstreamRequest requestFor(Upstream upstream, @Nullable ApiKey key) {
        RequestHead head = request.head();
        String path = request.path();
        Buffer body = request.body().bytes();
        String model = head.model();
        String wanted = model == null ? null : plan.modelFor(model);
        if (model != null && wanted != null && !wanted.equals(model)) {
            body = ModelName.inBody(body, head.modelSpans(), wanted);
            path = ModelName.inPath(path, model, wanted);
        }
        Duration connect = upstream.policy().timeouts().connect();
        Duration left = left();
        return new UpstreamRequest(
                request.method(), path, request.headers(), body, key, connect.compareTo(left) < 0 ? connect : left);
    }

    private Duration left() {
        Duration left = request.route().deadline().minus(draft.elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }

    private String deadlineDetail() {
        return "the deadline of " + request.route().deadline().toMillis() + " ms passed";
    }

    private static boolean refused(Decision decision) {
        return decision instanceof Decision.FailOver failOver && failOver.retryRefused();
    }
}

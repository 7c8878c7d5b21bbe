package io.penstock.relay;

import io.penstock.breaker.Permit;
import io.penstock.classify.Classification;
import io.penstock.classify.Phase;
import io.penstock.classify.RetryHint;
import io.penstock.classify.Signal;
import io.penstock.relay.BestEvidence.Failed;
import io.penstock.upstream.ApiKey;
import io.penstock.upstream.Upstream;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one interception, one after the other: asks the plan for an upstream, calls it, lets the failure's
 * reaction decide what comes next, and ends when an answer may be committed or no attempt is left. Owned by one event
 * loop; tells its end once, unless it is stopped first.
 */
final class AttemptLoop {
    /** While half-open probes are under way it cannot be known when they end. */
    private static final Duration MIN_RETRY_AFTER = Duration.ofSeconds(1);

    private static final Cancellable NOTHING = () -> {};

    private final RelayRequest request;
    private final InterceptionDraft draft;
    private final Timers timers;
    private final Deadline deadline;
    private final Consumer<LoopEnd> ended;
    private final AttemptPlan plan;
    private final Reactions reactions;
    private final BestEvidence evidence = new BestEvidence();

    private Timers.Timer wait = Timers.Timer.NONE;
    private Cancellable running = NOTHING;
    private @Nullable Turn turn;
    private int retries;

    AttemptLoop(
            RelayRequest request,
            InterceptionDraft draft,
            RelayServices services,
            Deadline deadline,
            Consumer<LoopEnd> ended) {
        this.request = request;
        this.draft = draft;
        this.timers = services.timers();
        this.deadline = deadline;
        this.ended = ended;
        this.plan = new AttemptPlan(request.route(), request.upstreams(), services.random());
        this.reactions = new Reactions(new Backoff(services.random()));
    }

    void start() {
        nextUpstream(AttemptReason.FIRST);
    }

    /** Ends, without a word, because nobody waits for an answer any more. */
    void abandon() {
        Turn open = stop();
        if (open != null) {
            open.permit().abandoned();
            draft.attempt(open.record(null, null, true, false));
        }
    }

    /** Ends, without a word, because something outside went wrong that says nothing of the upstream. */
    void drop() {
        Turn open = stop();
        if (open != null) {
            open.permit().abandoned();
        }
    }

    /**
     * Ends because time is up: whoever is being asked has failed.
     *
     * @return what the application had better be told
     */
    Failed timeIsUp() {
        Turn open = stop();
        Upstream upstream = open == null ? null : open.upstream();
        Classification error = request.signalled(Signal.DEADLINE, deadline.detail(), upstream);
        if (open != null) {
            open.tellBreaker(error, false);
            draft.attempt(open.record(null, error, false, false));
        }
        evidence.add(new Failed(error, Phase.PRE_COMMIT, upstream == null ? null : upstream.name(), null));
        return best();
    }

    private @Nullable Turn stop() {
        running.cancel();
        wait.cancel();
        Turn open = turn;
        turn = null;
        if (open != null) {
            open.attempt().close();
        }
        return open;
    }

    private void nextUpstream(AttemptReason reason) {
        Optional<Upstream> next = plan.next();
        if (next.isEmpty()) {
            ended.accept(new LoopEnd.NoneLeft(best()));
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
            Attempt attempt =
                    new Attempt(upstream, Outbound.of(request, plan, upstream, key, deadline.left()), request, timers);
            Optional<Permit> permit = upstream.breaker().tryAcquire();
            if (permit.isEmpty()) {
                evidence.add(circuitOpen(upstream));
                nextUpstream(AttemptReason.FAILOVER);
            } else {
                run(new Turn(upstream, key, attempt, permit.get(), reason, waited));
            }
        } catch (RuntimeException bug) {
            ended.accept(new LoopEnd.Bug(bug));
        }
    }

    private void run(Turn begun) {
        turn = begun;
        draft.upstream(begun.upstream().name());
        running = begun.attempt()
                .run()
                .subscribe()
                .with(outcome -> guarded(begun, outcome), bug -> ended.accept(new LoopEnd.Bug(bug)));
    }

    /** Whatever a peer made Penstock stumble over, the interception still ends. */
    private void guarded(Turn settled, AttemptOutcome outcome) {
        try {
            settled(settled, outcome);
        } catch (RuntimeException bug) {
            ended.accept(new LoopEnd.Bug(bug));
        }
    }

    private void settled(Turn settled, AttemptOutcome outcome) {
        if (outcome instanceof AttemptOutcome.Good good) {
            ended.accept(new LoopEnd.Answered(settled, good));
            return;
        }
        AttemptOutcome.Failed failed = (AttemptOutcome.Failed) outcome;
        Classification error = failed.classification();
        evidence.add(new Failed(error, failed.phase(), settled.upstream().name(), failed.held()));
        Decision decision = reactions.decide(error, settled.upstream(), retries, deadline.left(), plan);
        HeldAnswer held = failed.held();
        if (decision instanceof Decision.Return && held != null && held.goesOn()) {
            ended.accept(new LoopEnd.LongError(settled, error, held));
            return;
        }
        if (failed.ended()) {
            settled.attempt().finished();
        } else {
            settled.attempt().close();
        }
        settled.tellBreaker(error, failed.blameless());
        draft.attempt(settled.record(failed.status(), error, false, refused(decision)));
        turn = null;
        act(decision, settled);
    }

    private void act(Decision decision, Turn after) {
        if (decision instanceof Decision.Retry retry) {
            retries++;
            if (retry.delay().isZero()) {
                attempt(after.upstream(), AttemptReason.RETRY, Duration.ZERO);
            } else {
                wait = timers.after(retry.delay(), () -> attempt(after.upstream(), AttemptReason.RETRY, retry.delay()));
            }
        } else if (decision instanceof Decision.RotateKey) {
            attempt(after.upstream(), AttemptReason.ROTATE_KEY, Duration.ZERO);
        } else if (decision instanceof Decision.FailOver) {
            nextUpstream(AttemptReason.FAILOVER);
        } else {
            ended.accept(new LoopEnd.NoneLeft(best()));
        }
    }

    private Failed best() {
        Failed best = evidence.best();
        return best != null
                ? best
                : new Failed(request.signalled(Signal.NO_UPSTREAM, null, null), Phase.GATEWAY, null, null);
    }

    private Failed circuitOpen(Upstream upstream) {
        Duration left = upstream.breaker().openFor();
        Classification error = request.signalled(
                        Signal.CIRCUIT_OPEN, "the circuit of " + upstream.name() + " is open", upstream)
                .withRetryHint(new RetryHint(left.isZero() ? MIN_RETRY_AFTER : left, "circuit"));
        return new Failed(error, Phase.GATEWAY, upstream.name(), null);
    }

    private static boolean refused(Decision decision) {
        return decision instanceof Decision.FailOver failOver && failOver.retryRefused();
    }
}

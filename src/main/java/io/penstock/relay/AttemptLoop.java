package io.penstock.relay;

import io.penstock.breaker.Circuits.Gate;
import io.penstock.breaker.Passage;
import io.penstock.classify.Classification;
import io.penstock.classify.Phase;
import io.penstock.classify.RetryHint;
import io.penstock.classify.Signal;
import io.penstock.policy.RoutePolicy.WhenAllOpen;
import io.penstock.policy.UpstreamPolicy;
import io.penstock.record.SkippedUpstream;
import io.penstock.record.SkippedUpstream.Why;
import io.penstock.relay.BestEvidence.Failed;
import io.penstock.upstream.KeyPool;
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
        this.plan = new AttemptPlan(
                request.route(), request.upstreams(), request.head().model(), services.random());
        this.reactions = new Reactions(request.route(), request.isRetry(), new Backoff(services.random()));
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
            open.failed(error, false);
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
        retries = 0;
        if (plan.next().isPresent()) {
            attempt(reason, Duration.ZERO, true);
        } else if (mayTryAllTheSame() && plan.keptBack().isPresent()) {
            attempt(reason, Duration.ZERO, false);
        } else {
            ended.accept(new LoopEnd.NoneLeft(best()));
        }
    }

    /** Whether circuits alone stood in the way, and the route would rather ask than refuse. */
    private boolean mayTryAllTheSame() {
        return draft.attempts() == 0 && request.route().whenAllOpen() == WhenAllOpen.TRY;
    }

    /**
     * Asks the plan's upstream, if its keys and circuits let it, or else the next.
     *
     * @param guarded whether its circuits are asked
     */
    private void attempt(AttemptReason reason, Duration waited, boolean guarded) {
        try {
            Upstream upstream = plan.upstream();
            String model = plan.upstreamModel();
            // Looked at before a key is lent: a key on trial would be lent for nothing.
            Optional<Gate.Shut> shut = guarded ? upstream.circuits().shut(model) : Optional.empty();
            if (shut.isPresent()) {
                keptBack(shut.get());
            } else if (plan.keyReady()) {
                // Everything that could fail comes before the permit, which nothing else would close.
                Attempt attempt = new Attempt(upstream, Outbound.of(request, plan, deadline.left()), request, timers);
                Gate gate = guarded ? upstream.circuits().tryPass(model) : new Gate.Open(Passage.UNGUARDED);
                if (gate instanceof Gate.Open open) {
                    run(new Turn(upstream, plan.key(), model, attempt, open.passage(), reason, waited));
                } else {
                    keptBack((Gate.Shut) gate);
                }
            } else {
                plan.keysOut().ifPresent(this::withoutKey);
                nextUpstream(AttemptReason.FAILOVER);
            }
        } catch (RuntimeException bug) {
            ended.accept(new LoopEnd.Bug(bug));
        }
    }

    private void withoutKey(KeyPool.Out out) {
        skipped(Why.KEYS_OUT, out.cause().category().name());
        evidence.add(keysOut(out, Phase.GATEWAY));
    }

    private void keptBack(Gate.Shut shut) {
        skipped(Why.CIRCUIT_OPEN, shut.cause());
        evidence.add(circuitOpen(plan.upstream(), shut));
        plan.keepBack();
        nextUpstream(AttemptReason.FAILOVER);
    }

    private void skipped(Why why, String cause) {
        draft.skipped(new SkippedUpstream(plan.upstream().name(), why, cause));
    }

    private void run(Turn begun) {
        turn = begun;
        boolean another = begun.reason() == AttemptReason.RETRY || begun.reason() == AttemptReason.ROTATE_KEY;
        if (!another && !request.isRetry()) {
            // Only what an application asks for the first time earns retries: else its own retries would earn more.
            begun.upstream().retryBudget().request();
        }
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
            settled.answered();
            ended.accept(new LoopEnd.Answered(settled, good));
            return;
        }
        AttemptOutcome.Failed failed = (AttemptOutcome.Failed) outcome;
        Classification error = failed.classification();
        settled.tellKey(error);
        boolean masked = settled.masks(error);
        HeldAnswer held = failed.held();
        evidence.add(new Failed(error, failed.phase(), settled.upstream().name(), held, masked));
        Decision decision = reactions.decide(error, retries, deadline.left(), plan);
        if (masked && !(decision instanceof Decision.RotateKey)) {
            plan.keysOut().ifPresent(out -> evidence.add(keysOut(out, failed.phase())));
        }
        boolean answeredByRule = error.rules().response() != null;
        if (decision instanceof Decision.Return && !masked && !answeredByRule && held != null && held.goesOn()) {
            ended.accept(new LoopEnd.LongError(settled, error, held));
            return;
        }
        if (failed.ended()) {
            settled.attempt().finished();
        } else {
            settled.attempt().close();
        }
        settled.failed(error, failed.blameless());
        draft.attempt(settled.record(failed.status(), error, false, refused(decision)));
        turn = null;
        act(decision);
    }

    private void act(Decision decision) {
        if (decision instanceof Decision.Retry retry) {
            retries++;
            if (retry.delay().isZero()) {
                attempt(AttemptReason.RETRY, Duration.ZERO, true);
            } else {
                wait = timers.after(retry.delay(), () -> attempt(AttemptReason.RETRY, retry.delay(), true));
            }
        } else if (decision instanceof Decision.RotateKey) {
            attempt(AttemptReason.ROTATE_KEY, Duration.ZERO, true);
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

    /** What is known of keys that all rest: the last real failure, in words that are not for the application. */
    private Failed keysOut(KeyPool.Out out, Phase phase) {
        return new Failed(out.cause(), phase, plan.upstream().name(), null, true);
    }

    private Failed circuitOpen(Upstream upstream, Gate.Shut shut) {
        String scope = shut.scope().equals(UpstreamPolicy.WHOLE_UPSTREAM) ? "" : " for model " + shut.scope();
        Classification error = request.signalled(
                        Signal.CIRCUIT_OPEN,
                        "the circuit of " + upstream.name() + scope + " is open (" + shut.cause() + ")",
                        upstream)
                .withRetryHint(new RetryHint(shut.left().isZero() ? MIN_RETRY_AFTER : shut.left(), "circuit"));
        return new Failed(error, Phase.GATEWAY, upstream.name(), null);
    }

    private static boolean refused(Decision decision) {
        return decision instanceof Decision.FailOver failOver && failOver.retryRefused();
    }
}

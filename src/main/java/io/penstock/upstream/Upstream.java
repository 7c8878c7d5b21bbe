package io.penstock.upstream;

import io.penstock.breaker.Circuits;
import io.penstock.policy.UpstreamPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One place that serves models, with its connections, keys, circuits and retry budget. Lives as long as its policy stays
 * the same, over reloads. Thread-safe.
 */
public final class Upstream {
    private final UpstreamPolicy policy;
    private final Connector connector;
    private final @Nullable KeyPool keys;
    private final Circuits circuits;
    private final RetryBudget retryBudget;
    private final MissingModels missingModels;
    private final Runnable atRetirement;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean retired;

    /**
     * A new one, not used yet.
     *
     * @param keys Penstock's own keys for it, or null where it has none
     * @param atRetirement what else ends when it is no longer in force
     */
    public Upstream(
            UpstreamPolicy policy,
            Connector connector,
            @Nullable KeyPool keys,
            Circuits circuits,
            RetryBudget retryBudget,
            MissingModels missingModels,
            Runnable atRetirement) {
        this.policy = policy;
        this.connector = connector;
        this.keys = keys;
        this.circuits = circuits;
        this.retryBudget = retryBudget;
        this.missingModels = missingModels;
        this.atRetirement = atRetirement;
    }

    public String name() {
        return policy.name();
    }

    public UpstreamPolicy policy() {
        return policy;
    }

    /** Penstock's own keys for it, or null where it has none. */
    public @Nullable KeyPool keys() {
        return keys;
    }

    public Circuits circuits() {
        return circuits;
    }

    public RetryBudget retryBudget() {
        return retryBudget;
    }

    /** The models that it said it lacks. */
    public MissingModels missingModels() {
        return missingModels;
    }

    /** Whether every connection that the policy allows is taken, so that a wait for one says nothing of the upstream. */
    public boolean saturated() {
        return inFlight.get() > policy.limits().connections();
    }

    /** Opens an exchange. Whoever opens it calls {@link #release} once, when it is over. */
    public synchronized UpstreamCall open(UpstreamRequest request) {
        UpstreamCall call = connector.open(request);
        inFlight.incrementAndGet();
        return call;
    }

    /** Ends what {@link #open} began. */
    public synchronized void release() {
        if (inFlight.decrementAndGet() == 0 && retired) {
            connector.close();
        }
    }

    /**
     * Lets the exchanges under way finish, then closes the connections. An interception that began before, and has an
     * exchange still to come, is served all the same; its connection is closed behind it.
     */
    void retire() {
        // What takes its name begins with closed circuits.
        circuits.forEach((scope, circuit) -> circuit.close("reloaded"));
        atRetirement.run();
        synchronized (this) {
            retired = true;
            if (inFlight.get() == 0) {
                connector.close();
            }
        }
    }

    UpstreamStatus status() {
        List<CircuitStatus> states = new ArrayList<>();
        circuits.forEach((scope, breaker) -> states.add(CircuitStatus.of(scope, breaker)));
        return new UpstreamStatus(
                policy.name(),
                policy.url(),
                policy.dialect(),
                Credentials.label(policy.credentials()),
                keyStatuses().stream().map(KeyStatus::hint).toList(),
                states,
                inFlight.get());
    }

    List<KeyStatus> keyStatuses() {
        return keys == null ? List.of() : keys.statuses();
    }
}

package io.penstock.upstream;

import io.penstock.breaker.Breaker;
import io.penstock.policy.UpstreamPolicy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One place that serves models, with its connections, keys, circuit and retry budget. Lives as long as its policy stays
 * the same, over reloads. Thread-safe.
 */
public final class Upstream {
    private final UpstreamPolicy policy;
    private final Connector connector;
    private final List<ApiKey> keys;
    private final Breaker breaker;
    private final RetryBudget retryBudget;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean retired;

    public Upstream(
            UpstreamPolicy policy, Connector connector, List<ApiKey> keys, Breaker breaker, RetryBudget retryBudget) {
        this.policy = policy;
        this.connector = connector;
        this.keys = keys;
        this.breaker = breaker;
        this.retryBudget = retryBudget;
    }

    public String name() {
        return policy.name();
    }

    public UpstreamPolicy policy() {
        return policy;
    }

    /** Penstock's own keys for it, in the order of the file; empty where it has none. */
    public List<ApiKey> keys() {
        return keys;
    }

    public Breaker breaker() {
        return breaker;
    }

    public RetryBudget retryBudget() {
        return retryBudget;
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
    synchronized void retire() {
        retired = true;
        if (inFlight.get() == 0) {
            connector.close();
        }
    }

    UpstreamStatus status() {
        boolean changed = !breaker.cause().equals("none");
        return new UpstreamStatus(
                policy.name(),
                policy.url(),
                policy.dialect(),
                Credentials.label(policy.credentials()),
                keys.stream().map(ApiKey::hint).toList(),
                breaker.state(),
                changed ? breaker.cause() : null,
                breaker.openFor().isZero() ? null : breaker.openFor(),
                inFlight.get());
    }
}

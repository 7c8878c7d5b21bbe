package io.penstock.upstream;

import io.penstock.policy.UpstreamPolicy.Budget;
import java.util.function.LongSupplier;

/**
 * Bounds how many retries an upstream gets by how many requests it gets, so that an outage is never amplified. As Finagle
 * and Linkerd define it: over the last ten seconds, retries may not exceed {@code ratio} times the requests, plus a floor
 * per second that lets an upstream with little traffic be retried at all. Thread-safe.
 */
public final class RetryBudget {
    private static final int SECONDS = 10;
    private static final long NANOS = 1_000_000_000L;

    private final Budget budget;
    private final LongSupplier nanoClock;
    private final long[] second = new long[SECONDS];
    private final long[] requests = new long[SECONDS];
    private final long[] retries = new long[SECONDS];

    public RetryBudget(Budget budget, LongSupplier nanoClock) {
        this.budget = budget;
        this.nanoClock = nanoClock;
    }

    /** Notes a first attempt. */
    public synchronized void request() {
        requests[slot()]++;
    }

    /** Takes leave to retry once; false where the budget is used up. */
    public synchronized boolean tryRetry() {
        int now = slot();
        long asked = 0;
        long retried = 0;
        for (int i = 0; i < SECONDS; i++) {
            if (second[now] - second[i] < SECONDS) {
                asked += requests[i];
                retried += retries[i];
            }
        }
        if (retried + 1 > asked * budget.ratio() + budget.minPerSecond() * SECONDS) {
            return false;
        }
        retries[now]++;
        return true;
    }

    private int slot() {
        long now = nanoClock.getAsLong() / NANOS;
        int slot = (int) Math.floorMod(now, (long) SECONDS);
        if (second[slot] != now) {
            second[slot] = now;
            requests[slot] = 0;
            retries[slot] = 0;
        }
        return slot;
    }
}

package io.penstock.upstream;

import io.penstock.classify.Classification;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One key of a pool and what is known of it. Not thread-safe: its pool's lock guards it. Times are readings of the pool's
 * clock, in nanoseconds.
 */
final class KeySlot {
    /** Names of models come from applications: what is remembered of them is bounded. */
    private static final int MOST_MODELS = 64;

    private final Rest rest;
    private StoredKey stored;
    private KeyState state = KeyState.READY;
    private long until;
    private int inARow;
    private @Nullable Classification cause;
    /** Counts what was learnt of the key, so that a late word of an earlier loan can be told from news. */
    private long known;

    private long lastLent;
    private final Map<String, Refusal> refusals = new LinkedHashMap<>();

    /** That the key may not be used for one model. */
    private static final class Refusal {
        private final Classification cause;
        private final long until;
        private final int inARow;
        private final boolean onTrial;

        Refusal(Classification cause, long until, int inARow, boolean onTrial) {
            this.cause = cause;
            this.until = until;
            this.inARow = inARow;
            this.onTrial = onTrial;
        }
    }

    /**
     * Why a key is not to be had for a model.
     *
     * @param left until it may be
     * @param cause the failure that it rests for
     */
    record Resting(KeyState state, Duration left, Classification cause) {}

    KeySlot(StoredKey stored, Rest rest) {
        this.stored = stored;
        this.rest = rest;
    }

    ApiKey key() {
        return stored.key();
    }

    long lastLent() {
        return lastLent;
    }

    /** The same key, found in another place. */
    void stored(StoredKey again) {
        stored = again;
    }

    KeyState state(long now) {
        return state == KeyState.COOLING && now - until >= 0 ? KeyState.READY : state;
    }

    /** Whether it may be lent: ready, or rested long enough for one request to try it. */
    boolean lendable(@Nullable String model, long now) {
        Refusal refusal = refusal(model);
        boolean refused = refusal != null && now - refusal.until < 0;
        return !refused && (state == KeyState.READY || now - until >= 0);
    }

    KeyLoan lend(@Nullable String model, long now, long number) {
        lastLent = number;
        if (state(now) != KeyState.READY) {
            // The one who tries it may never say what came of it; until then nobody else does, but not for ever.
            until = now + rest.of(state, inARow, null).toNanos();
        }
        Refusal refusal = refusal(model);
        if (refusal != null && model != null) {
            long next = now + rest.of(KeyState.REJECTED, refusal.inARow, null).toNanos();
            refusals.put(model, new Refusal(refusal.cause, next, refusal.inARow, true));
        }
        return new KeyLoan(key(), known);
    }

    /**
     * Whether a loan may be used once more.
     *
     * @param slack how much too early a timer may have fired
     */
    boolean stillGood(KeyLoan loan, @Nullable String model, long now, Duration slack) {
        Refusal refusal = refusal(model);
        if (refusal != null && !refusal.onTrial) {
            return false;
        }
        return loan.known() == known || state(now + slack.toNanos()) == KeyState.READY;
    }

    KeyLoan renewed() {
        return new KeyLoan(key(), known);
    }

    void accepted(KeyLoan loan, @Nullable String model, long now) {
        if (model != null) {
            refusals.remove(model);
        }
        if (loan.known() == known) {
            if (state(now) != KeyState.READY) {
                known++;
            }
            state = KeyState.READY;
            inARow = 0;
            cause = null;
        }
    }

    /** Takes a failure in; whether the key's state changed by it. */
    boolean failed(KeyLoan loan, KeyVerdict verdict, Classification failure, @Nullable String model, long now) {
        if (verdict.modelOnly()) {
            refuse(model, failure, now);
            return false;
        }
        KeyState seen = state(now);
        Duration hint = failure.retryAfter();
        if (loan.known() != known && verdict.state().compareTo(seen) <= 0) {
            if (verdict.state() == KeyState.COOLING && seen == KeyState.COOLING && hint != null) {
                until = later(until, now + rest.of(KeyState.COOLING, 0, hint).toNanos());
            }
            return false;
        }
        boolean again = state == verdict.state();
        inARow = again ? inARow + 1 : 0;
        long end = now + rest.of(verdict.state(), inARow, hint).toNanos();
        until = seen == verdict.state() ? later(until, end) : end;
        state = verdict.state();
        cause = failure;
        known++;
        return seen != state;
    }

    /** Null where the key may be used. */
    @Nullable
    Resting resting(@Nullable String model, long now) {
        Classification why = cause;
        if (state(now) != KeyState.READY && why != null) {
            return new Resting(state, left(until, now), why);
        }
        Refusal refusal = refusal(model);
        return refusal == null ? null : new Resting(KeyState.REJECTED, left(refusal.until, now), refusal.cause);
    }

    KeyStatus status(String upstream, long now) {
        Resting resting = resting(null, now);
        return new KeyStatus(
                upstream,
                key().hint(),
                stored.reference(),
                state(now),
                resting == null ? null : resting.left(),
                resting == null ? null : resting.cause().category().name(),
                List.copyOf(refusals.keySet()));
    }

    private void refuse(@Nullable String model, Classification failure, long now) {
        Refusal before = refusal(model);
        if (model == null || (before != null && !before.onTrial && now - before.until < 0)) {
            return;
        }
        int count = before == null ? 0 : before.inARow + 1;
        refusals.remove(model);
        if (refusals.size() == MOST_MODELS) {
            refusals.remove(refusals.keySet().iterator().next());
        }
        refusals.put(
                model,
                new Refusal(
                        failure, now + rest.of(KeyState.REJECTED, count, null).toNanos(), count, false));
    }

    private @Nullable Refusal refusal(@Nullable String model) {
        return model == null ? null : refusals.get(model);
    }

    private static Duration left(long until, long now) {
        return Duration.ofNanos(Math.max(0, until - now));
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }
}

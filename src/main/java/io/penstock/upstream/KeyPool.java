package io.penstock.upstream;

import io.penstock.classify.Classification;
import io.penstock.classify.RetryHint;
import io.penstock.policy.UpstreamPolicy;
import io.penstock.policy.UpstreamPolicy.CredentialsPolicy;
import io.penstock.policy.UpstreamPolicy.KeyRest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Penstock's own keys for one upstream. Lends the one that was lent longest ago, of those that nothing speaks against, so
 * that the load spreads; a key that failed rests, and nothing that fails keeps it away for ever. Thread-safe: the event
 * loops share it, and each call takes a moment.
 */
public final class KeyPool {
    private static final Logger LOG = Logger.getLogger(KeyPool.class);
    /** Timers count whole milliseconds and may fire a little early. */
    private static final Duration SLACK = Duration.ofMillis(5);

    private final String upstream;
    private final Rest rest;
    private final LongSupplier nanoClock;
    private final @Nullable KeySources sources;
    private final Map<ApiKey, KeySlot> slots = new LinkedHashMap<>();
    private long lent;

    /**
     * A pool of keys that stay as they are.
     *
     * @param nanoClock a monotonic clock, in nanoseconds
     */
    public KeyPool(String upstream, KeyRest rest, LongSupplier nanoClock, List<StoredKey> keys) {
        this(upstream, rest, nanoClock, keys, null);
    }

    private KeyPool(
            String upstream, KeyRest rest, LongSupplier nanoClock, List<StoredKey> keys, @Nullable KeySources sources) {
        this.upstream = upstream;
        this.rest = new Rest(rest);
        this.nanoClock = nanoClock;
        this.sources = sources;
        replace(keys);
    }

    /**
     * The keys that a policy refers to, or null where it has none of Penstock's own.
     *
     * @throws RuntimeException where one cannot be read
     */
    static @Nullable KeyPool of(UpstreamPolicy policy, LongSupplier nanoClock) {
        if (!(policy.credentials() instanceof CredentialsPolicy.Keys refs)) {
            return null;
        }
        KeySources sources = new KeySources(policy.name(), refs);
        return new KeyPool(policy.name(), policy.keyRest(), nanoClock, sources.keys(), sources);
    }

    /**
     * Why no key is to be had: the state that most helps to wait for, and the failure behind it.
     *
     * @param cause the last failure that a provider answered to such a key, with the time until one may be tried as its
     *     retry hint
     */
    public record Out(KeyState state, Classification cause) {}

    /**
     * A key, or none where every key that nothing speaks against was tried already or all rest.
     *
     * @param model what the upstream calls the model, or null where the call is for none
     * @param tried the keys that the interception has tried already
     */
    public synchronized Optional<KeyLoan> lend(@Nullable String model, Collection<ApiKey> tried) {
        long now = nanoClock.getAsLong();
        return slots.values().stream()
                .filter(slot -> !tried.contains(slot.key()) && slot.lendable(model, now))
                .min(Comparator.comparingLong(KeySlot::lastLent))
                .map(slot -> slot.lend(model, now, ++lent));
    }

    /** The same key for one more attempt, or none where something has come to speak against it. */
    public synchronized Optional<KeyLoan> again(KeyLoan loan, @Nullable String model) {
        KeySlot slot = slots.get(loan.key());
        return slot != null && slot.stillGood(loan, model, nanoClock.getAsLong(), SLACK)
                ? Optional.of(slot.renewed())
                : Optional.empty();
    }

    /** Why there is no key for the model; empty where some key is ready after all. */
    public synchronized Optional<Out> out(@Nullable String model) {
        long now = nanoClock.getAsLong();
        List<KeySlot.Resting> all = new ArrayList<>();
        for (KeySlot slot : slots.values()) {
            KeySlot.Resting resting = slot.resting(model, now);
            if (resting == null) {
                return Optional.empty();
            }
            all.add(resting);
        }
        return all.stream()
                .min(Comparator.comparing(KeySlot.Resting::state).thenComparing(KeySlot.Resting::left))
                .map(best -> new Out(best.state(), best.cause().withRetryHint(new RetryHint(best.left(), "key pool"))));
    }

    /** How long the key of a loan still rests; zero where it does not. */
    public synchronized Duration restOf(KeyLoan loan) {
        KeySlot slot = slots.get(loan.key());
        KeySlot.Resting resting = slot == null ? null : slot.resting(null, nanoClock.getAsLong());
        return resting == null ? Duration.ZERO : resting.left();
    }

    /** The provider took the key. */
    public synchronized void accepted(KeyLoan loan, @Nullable String model) {
        KeySlot slot = slots.get(loan.key());
        if (slot != null) {
            slot.accepted(loan, model, nanoClock.getAsLong());
        }
    }

    /** A failure of an attempt with that key; it counts where the failure is one that is held against keys. */
    public void failed(KeyLoan loan, Classification failure, @Nullable String model) {
        KeyVerdict.of(failure).ifPresent(verdict -> failed(loan, verdict, failure, model));
    }

    /** How many keys are in that state. */
    public synchronized int count(KeyState state) {
        long now = nanoClock.getAsLong();
        return (int)
                slots.values().stream().filter(slot -> slot.state(now) == state).count();
    }

    public synchronized List<KeyStatus> statuses() {
        long now = nanoClock.getAsLong();
        return slots.values().stream().map(slot -> slot.status(upstream, now)).toList();
    }

    /** A key that is ready, for a request that no application waits for; none where none is. */
    synchronized Optional<ApiKey> anyReady() {
        long now = nanoClock.getAsLong();
        return slots.values().stream()
                .filter(slot -> slot.state(now) == KeyState.READY)
                .map(KeySlot::key)
                .findFirst();
    }

    /** Looks at the files that hold keys, and lends those that are new from now on. Blocks; for one thread at a time. */
    void reread() {
        if (sources != null && sources.changed()) {
            replace(sources.keys());
        }
    }

    /** Has these keys from now on. Those that it had before keep what is known of them; the others are ready. */
    final synchronized void replace(List<StoredKey> keys) {
        Map<ApiKey, KeySlot> before = new LinkedHashMap<>(slots);
        slots.clear();
        for (StoredKey stored : keys) {
            KeySlot slot = before.get(stored.key());
            if (slot == null) {
                slots.putIfAbsent(stored.key(), new KeySlot(stored, rest));
            } else {
                slot.stored(stored);
                slots.putIfAbsent(stored.key(), slot);
            }
        }
    }

    private void failed(KeyLoan loan, KeyVerdict verdict, Classification failure, @Nullable String model) {
        boolean changed;
        Duration left;
        synchronized (this) {
            KeySlot slot = slots.get(loan.key());
            if (slot == null) {
                return;
            }
            changed = slot.failed(loan, verdict, failure, model, nanoClock.getAsLong());
            left = restOf(loan);
        }
        if (changed) {
            LOG.infof(
                    "key %s of upstream %s is %s for %d s, cause %s",
                    loan.key(), upstream, verdict.state().label(), left.toSeconds(), failure.category());
        }
    }
}

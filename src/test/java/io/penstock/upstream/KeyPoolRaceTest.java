package io.penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.policy.UpstreamPolicy.KeyRest;
import io.penstock.policy.UpstreamPolicy.SecretRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;

/** 64 threads over three keys, two of which die midway, one rejected and one out of money. */
class KeyPoolRaceTest {
    private static final int THREADS = 64;
    private static final int CALLS = 200;
    private static final ApiKey GOOD = new ApiKey("sk-good-0123456789");
    private static final ApiKey REJECTED = new ApiKey("sk-rejected-0123456789");
    private static final ApiKey BROKE = new ApiKey("sk-broke-0123456789");

    private final KeyPool pool = new KeyPool(
            "azure",
            new KeyRest(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1)),
            System::nanoTime,
            List.of(stored(GOOD), stored(REJECTED), stored(BROKE)));

    /** Keys whose failure the pool has been told of, so that from then on it knows. */
    private final Set<ApiKey> known = ConcurrentHashMap.newKeySet();

    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger lentThoughKnown = new AtomicInteger();

    @RepeatedTest(5)
    void noneGetsAKeyKnownToBeBadAndAllSucceed() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Integer>> results = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                results.add(threads.submit(() -> {
                    start.await();
                    int successes = 0;
                    for (int i = 0; i < CALLS; i++) {
                        successes += interception() ? 1 : 0;
                    }
                    return successes;
                }));
            }
            start.countDown();
            for (Future<Integer> result : results) {
                assertThat(result.get(60, TimeUnit.SECONDS)).isEqualTo(CALLS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(lentThoughKnown).hasValue(0);
        assertThat(pool.count(KeyState.READY)).isEqualTo(1);
        assertThat(pool.count(KeyState.REJECTED)).isEqualTo(1);
        assertThat(pool.count(KeyState.EXHAUSTED)).isEqualTo(1);
    }

    /** Takes keys until one works; whether one did. */
    private boolean interception() {
        Set<ApiKey> tried = new HashSet<>();
        Set<ApiKey> bad = new HashSet<>(known);
        for (Optional<KeyLoan> loan = pool.lend("m", tried); loan.isPresent(); loan = pool.lend("m", tried)) {
            ApiKey key = loan.get().key();
            if (bad.contains(key)) {
                lentThoughKnown.incrementAndGet();
            }
            tried.add(key);
            boolean dead = calls.incrementAndGet() > THREADS * CALLS / 2;
            if (key.equals(GOOD) || !dead) {
                pool.accepted(loan.get(), "m");
                return true;
            }
            pool.failed(loan.get(), key.equals(REJECTED) ? Failures.rejected() : Failures.exhausted(null), "m");
            known.add(key);
            bad.addAll(known);
        }
        return false;
    }

    private static StoredKey stored(ApiKey key) {
        return new StoredKey(new SecretRef.Env(key.hint()), key);
    }
}

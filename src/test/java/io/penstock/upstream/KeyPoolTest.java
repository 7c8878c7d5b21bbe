package io.penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.classify.Classification;
import io.penstock.policy.UpstreamPolicy.KeyRest;
import io.penstock.policy.UpstreamPolicy.SecretRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyPoolTest {
    private static final ApiKey A = new ApiKey("sk-a-0123456789-aaaa");
    private static final ApiKey B = new ApiKey("sk-b-0123456789-bbbb");
    private static final ApiKey C = new ApiKey("sk-c-0123456789-cccc");
    private static final Set<ApiKey> NONE = Set.of();
    private static final String MODEL = "gpt-5";

    private long now = Duration.ofDays(1).toNanos();

    private final KeyPool pool = pool(A, B, C);

    private KeyPool pool(ApiKey... keys) {
        return new KeyPool(
                "azure",
                new KeyRest(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofHours(1)),
                () -> now,
                Stream.of(keys).map(KeyPoolTest::stored).toList());
    }

    @Test
    void spreadsTheLoadOverAllKeys() {
        assertThat(lent(pool, 6)).containsExactly(A, B, C, A, B, C);
    }

    @Test
    void lendsNoKeyThatWasTriedBefore() {
        assertThat(pool.lend(MODEL, Set.of(A, C))).map(KeyLoan::key).hasValue(B);
        assertThat(pool.lend(MODEL, Set.of(A, B, C))).isEmpty();
        assertThat(pool.out(MODEL)).as("they are ready, only not for this one").isEmpty();
    }

    @Test
    void coolsForAsLongAsTheProviderAskedAndNoLonger() {
        failed(pool, lend(pool), Failures.limited(Duration.ofSeconds(7)));

        assertThat(lent(pool, 4)).doesNotContain(A);
        assertThat(pool.count(KeyState.COOLING)).isEqualTo(1);
        pass(Duration.ofSeconds(7).minusNanos(1));
        assertThat(lent(pool, 3)).doesNotContain(A);
        pass(Duration.ofNanos(1));
        assertThat(pool.count(KeyState.READY)).isEqualTo(3);
        assertThat(lent(pool, 3)).contains(A);
    }

    @Test
    void coolsForLongerEachTimeInARowWhereTheProviderNamesNoTime() {
        KeyPool one = pool(A);
        for (long seconds : new long[] {5, 10, 20, 40, 80, 80}) {
            failed(one, lend(one), Failures.limited(null));
            assertThat(out(one).cause().retryAfter()).isEqualTo(Duration.ofSeconds(seconds));
            pass(Duration.ofSeconds(seconds));
        }
        one.accepted(lend(one), MODEL);
        failed(one, lend(one), Failures.limited(null));
        assertThat(out(one).cause().retryAfter()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void coolsForAnHourAtMost() {
        KeyPool one = pool(A);
        failed(one, lend(one), Failures.limited(Duration.ofDays(3)));
        assertThat(out(one).cause().retryAfter()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void neverShortensARestThatSomebodyElseWasTold() {
        KeyPool one = pool(A);
        KeyLoan first = lend(one);
        KeyLoan second = lend(one);
        KeyLoan third = lend(one);

        failed(one, first, Failures.limited(Duration.ofSeconds(30)));
        failed(one, second, Failures.limited(Duration.ofSeconds(3)));
        assertThat(out(one).cause().retryAfter()).isEqualTo(Duration.ofSeconds(30));
        failed(one, third, Failures.limited(Duration.ofSeconds(40)));
        assertThat(one.restOf(first)).isEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void setsARejectedKeyAsideThenLetsOneRequestTryIt() {
        KeyPool one = pool(A);
        failed(one, lend(one), Failures.rejected());
        assertThat(one.lend(MODEL, NONE)).isEmpty();

        pass(Duration.ofMinutes(1));
        assertThat(one.count(KeyState.REJECTED)).isEqualTo(1);
        KeyLoan trial = lend(one);
        assertThat(one.lend(MODEL, NONE)).as("only one tries it").isEmpty();
        one.accepted(trial, MODEL);

        assertThat(one.count(KeyState.READY)).isEqualTo(1);
        assertThat(one.lend(MODEL, NONE)).isPresent();
    }

    @Test
    void triesARejectedKeyEverLessOftenButNeverGivesItUp() {
        KeyPool one = pool(A);
        failed(one, lend(one), Failures.rejected());
        for (long minutes : new long[] {1, 2, 4, 8, 16, 16, 16}) {
            pass(Duration.ofMinutes(minutes).minusNanos(1));
            assertThat(one.lend(MODEL, NONE)).as("before %d min", minutes).isEmpty();
            pass(Duration.ofNanos(1));
            failed(one, lend(one), Failures.rejected());
        }
    }

    @Test
    void triesAKeyAgainWhoseTrialNeverTold() {
        KeyPool one = pool(A);
        failed(one, lend(one), Failures.rejected());
        pass(Duration.ofMinutes(1));
        lend(one);

        pass(Duration.ofMinutes(1));

        assertThat(one.lend(MODEL, NONE)).isPresent();
    }

    @Test
    void takesManyRejectionsAtOnceForOne() {
        KeyPool one = pool(A);
        List<KeyLoan> loans = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            loans.add(lend(one));
        }
        loans.forEach(loan -> failed(one, loan, Failures.rejected()));

        pass(Duration.ofMinutes(1));

        assertThat(one.lend(MODEL, NONE)).isPresent();
    }

    @Test
    void isNotTalkedIntoARejectedKeyByASuccessThatBeganBefore() {
        KeyPool one = pool(A);
        KeyLoan early = lend(one);
        failed(one, lend(one), Failures.rejected());

        one.accepted(early, MODEL);

        assertThat(one.lend(MODEL, NONE)).isEmpty();
    }

    @Test
    void takesTheWorseOfTwoWordsWhicheverComesFirst() {
        KeyPool one = pool(A);
        KeyLoan early = lend(one);
        KeyLoan alsoEarly = lend(one);
        failed(one, lend(one), Failures.limited(Duration.ofSeconds(1)));
        failed(one, early, Failures.rejected());
        failed(one, alsoEarly, Failures.limited(Duration.ofSeconds(1)));

        assertThat(one.count(KeyState.REJECTED)).isEqualTo(1);
        pass(Duration.ofSeconds(2));
        assertThat(one.lend(MODEL, NONE)).isEmpty();
    }

    @Test
    void restsAnExhaustedKeyUntilItsReset() {
        KeyPool one = pool(A);
        failed(one, lend(one), Failures.exhausted(Duration.ofHours(5)));
        assertThat(one.count(KeyState.EXHAUSTED)).isEqualTo(1);
        pass(Duration.ofHours(5).minusNanos(1));
        assertThat(one.lend(MODEL, NONE)).isEmpty();
        pass(Duration.ofNanos(1));
        assertThat(one.lend(MODEL, NONE)).isPresent();
        assertThat(one.lend(MODEL, NONE)).as("one tries it").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({", 60", "P30D, 1440"})
    void looksAtAnExhaustedKeyAfterAnHourAndAtLeastOnceADay(@Nullable Duration reset, long minutes) {
        KeyPool one = pool(A);
        failed(one, lend(one), Failures.exhausted(reset));
        assertThat(out(one).cause().retryAfter()).isEqualTo(Duration.ofMinutes(minutes));
    }

    @Test
    void keepsAKeyForOtherModelsWhenItIsForbiddenForOne() {
        KeyPool one = pool(A);
        failed(one, lend(one), Failures.forbidden("permission_error"));

        assertThat(one.lend(MODEL, NONE)).isEmpty();
        assertThat(out(one).state()).isEqualTo(KeyState.REJECTED);
        assertThat(one.lend("gpt-4", NONE)).isPresent();
        assertThat(one.lend(null, NONE)).isPresent();
        assertThat(one.count(KeyState.READY)).isEqualTo(1);
        assertThat(one.statuses().get(0).refusedModels()).containsExactly(MODEL);
        pass(Duration.ofMinutes(1));
        KeyLoan trial = lend(one);
        assertThat(one.lend(MODEL, NONE)).as("one tries it").isEmpty();
        one.accepted(trial, MODEL);
        assertThat(one.lend(MODEL, NONE)).isPresent();
        assertThat(one.statuses().get(0).refusedModels()).isEmpty();
    }

    @Test
    void remembersNoMoreModelsThanItMay() {
        KeyPool one = pool(A);
        for (int i = 0; i < 1_000; i++) {
            one.failed(one.lend("m" + i, NONE).orElseThrow(), Failures.forbidden("permission_error"), "m" + i);
        }
        assertThat(one.statuses().get(0).refusedModels()).hasSize(64).contains("m999");
    }

    @ParameterizedTest
    @CsvSource({
        "401, invalid_api_key, REJECTED",
        "403, ExpiredTokenException, REJECTED",
        "403, account_deactivated, REJECTED",
        "403, API_KEY_SERVICE_BLOCKED, REJECTED",
        "400, API_KEY_INVALID, REJECTED",
        "403, AccessDeniedException, READY",
        "403, PERMISSION_DENIED, READY",
        "403, unsupported_country_region_territory, READY",
    })
    void judgesByTheProvidersWordWhetherTheKeyItselfIsBad(int status, String word, KeyState state) {
        KeyPool one = pool(A);
        failed(one, lend(one), Failures.of(status, word, null));
        assertThat(one.count(state)).isEqualTo(1);
    }

    @Test
    void holdsNothingAgainstAKeyThatIsNotHeldAgainstKeys() {
        KeyPool one = pool(A);
        failed(one, lend(one), Failures.of(500, "internal_error", null));
        failed(one, lend(one), Failures.of(529, "overloaded", Duration.ofSeconds(9)));
        failed(one, lend(one), Failures.of(400, "context_length_exceeded", null));
        assertThat(one.count(KeyState.READY)).isEqualTo(1);
    }

    @Test
    void saysWaitWhereAnyKeyCoolsAndWhatItCausedOtherwise() {
        failed(pool, lend(pool), Failures.rejected());
        failed(pool, lend(pool), Failures.exhausted(null));
        KeyLoan last = lend(pool);
        assertThat(pool.out(MODEL)).as("one is ready").isEmpty();
        failed(pool, last, Failures.rejected());
        assertThat(out(pool).state()).isEqualTo(KeyState.EXHAUSTED);
        assertThat(out(pool).cause().category()).isEqualTo(Category.QUOTA_EXHAUSTED);

        KeyPool cooling = pool(A, B);
        failed(cooling, lend(cooling), Failures.limited(Duration.ofSeconds(20)));
        failed(cooling, lend(cooling), Failures.limited(Duration.ofSeconds(9)));
        assertThat(out(cooling).cause().category()).isEqualTo(Category.RATE_LIMIT);
        assertThat(out(cooling).cause().retryAfter()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void keepsTheKeyOfALoanUntilSomethingSpeaksAgainstIt() {
        KeyPool one = pool(A);
        KeyLoan loan = lend(one);
        KeyLoan other = lend(one);
        assertThat(one.again(loan, MODEL)).isPresent();

        failed(one, other, Failures.limited(Duration.ofSeconds(10)));
        assertThat(one.again(loan, MODEL)).isEmpty();
        pass(Duration.ofMillis(9_996));
        assertThat(one.again(loan, MODEL)).as("timers may fire early").isPresent();

        failed(one, lend(one, Duration.ofSeconds(1)), Failures.rejected());
        assertThat(one.again(loan, MODEL)).isEmpty();
    }

    @Test
    void keepsWhatItKnowsOfTheKeysThatStay() {
        failed(pool, lend(pool), Failures.rejected());
        failed(pool, lend(pool), Failures.limited(Duration.ofSeconds(30)));
        ApiKey fresh = new ApiKey("sk-d-0123456789-dddd");

        pool.replace(List.of(stored(fresh), stored(B)));

        assertThat(pool.statuses()).extracting(KeyStatus::state).containsExactly(KeyState.READY, KeyState.COOLING);
        assertThat(lent(pool, 2)).containsOnly(fresh);
    }

    @Test
    void forgetsWhatALateAttemptSaysOfAKeyThatIsGone() {
        KeyLoan late = lend(pool);
        pool.replace(List.of(stored(B)));

        failed(pool, late, Failures.rejected());
        pool.accepted(late, MODEL);

        assertThat(pool.again(late, MODEL)).isEmpty();
        assertThat(pool.restOf(late)).isZero();
        assertThat(pool.count(KeyState.READY)).isEqualTo(1);
    }

    @Test
    void takesTheSameKeyInTwoPlacesForOne() {
        assertThat(pool(A, A, B).statuses()).hasSize(2);
    }

    @Test
    void showsHintsAndNoKey() {
        failed(pool, lend(pool), Failures.limited(Duration.ofSeconds(4)));
        KeyStatus status = pool.statuses().get(0);
        assertThat(status)
                .isEqualTo(new KeyStatus(
                        "azure",
                        "sk-a…aaaa",
                        new SecretRef.Env("sk-a…aaaa"),
                        KeyState.COOLING,
                        Duration.ofSeconds(4),
                        "rate_limit",
                        List.of()));
        assertThat(pool.statuses().toString()).doesNotContain("0123456789");
    }

    private static StoredKey stored(ApiKey key) {
        return new StoredKey(new SecretRef.Env(key.hint()), key);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private KeyLoan lend(KeyPool from, Duration after) {
        pass(after);
        return lend(from);
    }

    private static KeyLoan lend(KeyPool from) {
        return from.lend(MODEL, NONE).orElseThrow();
    }

    private static List<ApiKey> lent(KeyPool from, int times) {
        List<ApiKey> keys = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            from.lend(MODEL, new HashSet<>()).map(KeyLoan::key).ifPresent(keys::add);
        }
        return keys;
    }

    private static void failed(KeyPool of, KeyLoan loan, Classification failure) {
        of.failed(loan, failure, MODEL);
    }

    private static KeyPool.Out out(KeyPool of) {
        Optional<KeyPool.Out> out = of.out(MODEL);
        return out.orElseThrow();
    }
}

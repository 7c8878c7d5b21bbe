package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.classify.CountsFor;
import io.penstock.classify.Failover;
import io.penstock.classify.Phase;
import io.penstock.classify.RuleSet;
import io.penstock.policy.DefaultRules;
import io.penstock.record.AttemptRecord;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import io.penstock.relay.FailureRow.At;
import io.penstock.upstream.KeyPool;
import io.penstock.upstream.KeyState;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The scenario table by category: every one of them, however an upstream causes it and in whatever way it was asked, has
 * just the consequences that it declares. What it declares is checked against what is published in {@code TaxonomyTest}.
 */
class RelayCategoryTest {
    private static final Set<Category> OF_THE_GATEWAY = Set.of(Category.CIRCUIT_OPEN, Category.NO_UPSTREAM);
    private static final String[] KEYS = {"sk-first-key-0001", "sk-second-key-002"};

    private static final RuleSet RULES = DefaultRules.ruleSet();

    private final Rig rig = new Rig().rules(RULES);

    static Stream<FailureRow> failures() {
        return FailureRow.all();
    }

    static Stream<FailureRow> failuresThatAnOperatorMayHaveTakenElsewhere() {
        return failures().filter(row -> isOpened(row.category()));
    }

    static Stream<Asked> asked() {
        return Asked.inEveryWay();
    }

    @ParameterizedTest
    @MethodSource("asked")
    void knowsACauseForEveryCategory(Asked asked) {
        Set<Category> caused = new HashSet<>(OF_THE_GATEWAY);
        FailureRow.of(asked).map(FailureRow::category).forEach(caused::add);
        assertThat(caused).containsExactlyInAnyOrderElementsOf(Category.builtIn());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void doesWhatTheCategoryDeclares(FailureRow row) {
        play(row, 0, false);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void doesWhatTheCategoryDeclaresWithTwoKeys(FailureRow row) {
        play(row, KEYS.length, false);
    }

    @ParameterizedTest
    @MethodSource("failuresThatAnOperatorMayHaveTakenElsewhere")
    void goesElsewhereWhereTheOperatorSaidThatItMay(FailureRow row) {
        play(row, 0, true);
    }

    @ParameterizedTest
    @MethodSource("asked")
    void refusesWithTheTimeLeftWhereEveryCircuitIsOpen(Asked asked) {
        asked.of(rig).upstream("a").breaker.open(Duration.ofSeconds(4));
        rig.upstream("b").breaker.open(Duration.ofSeconds(9));
        rig.start();
        assertRefused(asked, Category.CIRCUIT_OPEN);
        assertThat(rig.client.header("retry-after")).isEqualTo("4");
    }

    @ParameterizedTest
    @MethodSource("asked")
    void refusesWhereThereIsNoUpstream(Asked asked) {
        asked.of(rig).start();
        assertRefused(asked, Category.NO_UPSTREAM);
    }

    private void play(FailureRow row, int keys, boolean opened) {
        int enough = 1 + row.attempts(keys).size();
        row.asked().of(rig).deadline(Duration.ofSeconds(row.at() == At.TOO_LATE ? 20 : 600));
        FakeUpstream a = rig.upstream(
                "a",
                new FakeUpstream.Settings()
                        // So many that a connection which is not made in time is the upstream's fault.
                        .connections(8)
                        .keys(List.of(KEYS).subList(0, keys).toArray(String[]::new)),
                Collections.nCopies(enough, row.does()).toArray(Script[]::new));
        FakeUpstream b = rig.upstream("b", row.asked().answers());
        if (opened) {
            a.contextWindow(100_000);
            b.contextWindow(1_000_000);
            rig.failsOverOn(row.category());
        }
        rig.start();
        for (int i = 0; i < 650 && rig.interceptions.isEmpty(); i++) {
            rig.timers.advance(Duration.ofMillis(100));
        }
        Interception record = rig.record();
        assertAttempts(row, keys, opened, record);
        assertHeldAgainst(row, keys, a);
        if (row.leavesTheUpstream(opened)) {
            assertThat(record.outcome()).isEqualTo(Outcome.SUCCESS);
            assertThat(rig.client.status()).isEqualTo(200);
            assertThat(rig.client.text()).isEqualTo(row.asked().answer());
            assertThat(rig.client.ended()).isTrue();
        } else {
            assertThat(b.calls()).isZero();
            assertFailed(row, a);
        }
    }

    private void assertAttempts(FailureRow row, int keys, boolean opened, Interception record) {
        List<AttemptReason> reasons = row.attempts(keys);
        List<String> expected = Stream.concat(
                        reasons.stream().map(reason -> "a " + reason.label() + " " + row.category()),
                        row.leavesTheUpstream(opened) ? Stream.of("b failover ok") : Stream.empty())
                .toList();
        assertThat(rig.interceptions.attempts()).isEqualTo(expected);
        List<AttemptRecord> ofA = record.attempts().subList(0, reasons.size());
        Duration total = IntStream.range(0, reasons.size())
                .mapToObj(i -> {
                    Duration waited = reasons.get(i) == AttemptReason.RETRY ? row.wait(i - 1) : Duration.ZERO;
                    assertThat(ofA.get(i).waited())
                            .as("wait before attempt %d", i + 1)
                            .isEqualTo(waited);
                    return waited.plus(row.lasts());
                })
                .reduce(Duration.ZERO, Duration::plus);
        assertThat(record.duration()).isEqualTo(total);
        if (keys > 0) {
            long different = reasons.contains(AttemptReason.ROTATE_KEY) ? keys : 1;
            assertThat(ofA.stream().map(AttemptRecord::keyHint).distinct().count())
                    .as("keys that were used")
                    .isEqualTo(different);
        }
    }

    private void assertHeldAgainst(FailureRow row, int keys, FakeUpstream a) {
        CountsFor scope = row.category().reaction().countsFor();
        String failed = "failed: " + row.category();
        boolean lacksModel = row.category().equals(Category.MODEL_NOT_FOUND);
        assertThat(a.breaker.verdicts())
                .as("circuit of the upstream")
                .containsOnly(scope == CountsFor.UPSTREAM ? failed : "succeeded");
        assertThat(a.breaker("other").verdicts())
                .as("circuit of the model")
                .containsOnly(
                        scope == CountsFor.UPSTREAM
                                ? "abandoned"
                                : scope == CountsFor.MODEL && !lacksModel ? failed : "succeeded");
        assertThat(a.upstream().missingModels().lacking(row.asked().model())).isEqualTo(lacksModel);
        if (keys > 0) {
            KeyPool pool = Objects.requireNonNull(a.upstream().keys());
            assertThat(pool.count(KeyState.READY)).as("good keys").isEqualTo(scope == CountsFor.KEY ? 0 : keys);
        }
    }

    private void assertFailed(FailureRow row, FakeUpstream a) {
        assertThat(rig.failure().category()).isEqualTo(row.category());
        assertThat(rig.client.count("head")).isEqualTo(1);
        if (row.at() == At.AFTER_CONTENT) {
            assertThat(rig.failure().phase()).isEqualTo(Phase.MID_STREAM);
            assertThat(rig.interceptions.only().committed()).isTrue();
            assertThat(rig.client.text()).isEqualTo(row.asked().begun() + rig.client.lastWords());
            if (row.asked().streaming()) {
                assertThat(rig.client.lastWords()).contains("\"error\":{").contains("Penstock: ");
            } else {
                assertThat(rig.client.lastWords())
                        .as("nothing can be added to a document")
                        .isEmpty();
            }
            assertThat(rig.client.wasReset()).isTrue();
            return;
        }
        assertThat(rig.failure().phase()).isEqualTo(Phase.PRE_COMMIT);
        assertThat(rig.client.header("x-penstock-category"))
                .isEqualTo(row.category().name());
        assertThat(rig.client.ended()).isTrue();
        if (row.at() == At.TOO_LATE) {
            assertThat(rig.client.status()).isEqualTo(504);
            assertThat(a.call(0).wasReset()).isTrue();
            assertThat(rig.client.text()).contains("Penstock: ");
        } else {
            ProviderSays told = ProviderSays.of(row.category(), row.asked().tongue().dialect);
            assertThat(rig.client.status()).isEqualTo(told.status());
            if (row.at() == At.INSTEAD_OF_AN_ANSWER) {
                assertThat(rig.client.text())
                        .isEqualTo(told.document(row.asked().tongue().dialect));
            } else {
                assertThat(rig.client.text()).startsWith("{").contains(told.error());
            }
        }
    }

    private void assertRefused(Asked asked, Category category) {
        assertThat(rig.failure().category()).isEqualTo(category);
        assertThat(rig.failure().phase()).isEqualTo(Phase.GATEWAY);
        assertThat(rig.interceptions.only().attempts()).isEmpty();
        assertThat(rig.client.status()).isEqualTo(503);
        assertThat(rig.client.header("content-type")).isEqualTo("application/json");
        assertThat(rig.client.text())
                .as("the envelope of %s", asked)
                .contains("Penstock: ")
                .contains("\"error\":{");
        assertThat(rig.calls()).isZero();
    }

    private static boolean isOpened(Category category) {
        Failover failover = category.reaction().failover();
        return failover == Failover.OPT_IN || failover == Failover.LARGER_ONLY;
    }
}

package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Phase;
import io.penstock.cli.DemoRecord.Attempt;
import io.penstock.cli.DemoScenario.Promise;
import io.penstock.cli.DemoSeen.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DemoScenarioTest {
    private static final DemoScenario FAILOVER = DemoScenario.of(
            "overloaded", DemoDialect.OPENAI, "m", true, Promise.served(Set.of("overloaded"), "first", "failover"));
    private static final Attempt OVERLOADED = new Attempt("p", "overloaded", "first", Duration.ZERO);
    private static final Attempt FAILED_OVER = new Attempt("b", null, "failover", Duration.ZERO);

    @Test
    void findsNoDifferenceWhereThePromiseWasKept() {
        assertThat(FAILOVER.differences(
                        seen(200, Answer.WHOLE, "2"),
                        new DemoRecord("success", null, null, null, List.of(OVERLOADED, FAILED_OVER))))
                .isEmpty();
    }

    @Test
    void namesEveryDifference() {
        assertThat(FAILOVER.differences(
                        seen(503, Answer.ERROR, "2"),
                        new DemoRecord("error", "service_error", "pre_commit", null, List.of(OVERLOADED))))
                .containsExactly(
                        "status: promised 200, was 503",
                        "answer: promised whole, was error",
                        "phase: promised null, was pre_commit",
                        "outcome: promised success, was error",
                        "attempts: promised [first, failover], was [first]",
                        "x-penstock-attempts: promised 1, was 2",
                        "category: promised [overloaded], was service_error");
    }

    @Test
    void findsAFailureWhereNoneWasPromised() {
        DemoScenario healthy =
                DemoScenario.of("healthy", DemoDialect.OPENAI, "m", false, Promise.served(Set.of(), "first"));

        assertThat(healthy.differences(
                        seen(200, Answer.WHOLE, "1"), new DemoRecord("success", null, null, null, List.of(OVERLOADED))))
                .containsExactly("category: promised [], was overloaded");
    }

    @Test
    void findsThatAnotherUpstreamAnswered() {
        DemoScenario byBackup = DemoScenario.of(
                "overloaded",
                DemoDialect.OPENAI,
                "m",
                true,
                Promise.served(Set.of("overloaded"), "first", "failover").by("backup"));

        assertThat(byBackup.differences(
                        seen(200, Answer.WHOLE, "2"),
                        new DemoRecord("success", null, null, null, List.of(OVERLOADED, FAILED_OVER))))
                .containsExactly("x-penstock-upstream: promised backup, was b");
    }

    @Test
    void findsWordsThatWereToldOrNotRecorded() {
        DemoScenario masked = DemoScenario.of(
                "dead",
                DemoDialect.OPENAI,
                "m",
                false,
                Promise.failed(502, Answer.ERROR, Set.of("auth_error"), Phase.GATEWAY)
                        .keepingToItself("the provider's words"));
        DemoRecord silent = new DemoRecord("error", "auth_error", "gateway", "other words", List.of());
        DemoRecord telling = new DemoRecord("error", "auth_error", "gateway", "it has the provider's words", List.of());

        assertThat(masked.differences(seen(502, Answer.ERROR, "0"), telling))
                .containsExactly("provider's words in the answer: promised false, was true");
        assertThat(masked.differences(masked(), silent))
                .containsExactly("provider's words on the record: promised true, was false");
        assertThat(masked.differences(masked(), telling)).isEmpty();
    }

    @Test
    void asksAtTheRouteThatIsNamedLikeTheDialectOrAtItsOwn() {
        DemoScenario elsewhere = FAILOVER.on("spare-key").withKey("k").after(Duration.ofSeconds(1));

        assertThat(FAILOVER.route()).isEqualTo("openai");
        assertThat(FAILOVER.title()).isEqualTo("overloaded (openai)");
        assertThat(elsewhere.route()).isEqualTo("spare-key");
        assertThat(elsewhere.title()).isEqualTo("overloaded (spare-key)");
        assertThat(elsewhere.key()).isEqualTo("k");
        assertThat(elsewhere.pause()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void showsEveryBehaviourOfTheProviders() {
        assertThat(DemoScenarios.all()).extracting(DemoScenario::model).containsAll(DemoProviders.models());
    }

    private static DemoSeen seen(int status, Answer answer, String attempts) {
        return new DemoSeen(
                status,
                Map.of("x-penstock-attempts", attempts, "x-penstock-upstream", "b"),
                answer,
                "with the provider's words",
                Duration.ZERO);
    }

    private static DemoSeen masked() {
        return new DemoSeen(502, Map.of("x-penstock-attempts", "0"), Answer.ERROR, "Penstock: no key", Duration.ZERO);
    }
}

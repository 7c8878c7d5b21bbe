package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.cli.DemoRecord.Attempt;
import io.penstock.cli.DemoScenario.Promise;
import io.penstock.cli.DemoSeen.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DemoScenarioTest {
    private static final DemoScenario FAILOVER = new DemoScenario(
            "overloaded",
            DemoDialect.OPENAI,
            "m",
            true,
            "k",
            new Promise(200, Answer.WHOLE, Set.of("overloaded"), List.of("first", "failover"), null));
    private static final Attempt OVERLOADED = new Attempt("p", "overloaded", "first", Duration.ZERO);
    private static final Attempt FAILED_OVER = new Attempt("b", null, "failover", Duration.ZERO);

    @Test
    void findsNoDifferenceWhereThePromiseWasKept() {
        assertThat(FAILOVER.differences(
                        seen(200, Answer.WHOLE, "2"),
                        new DemoRecord("success", null, null, List.of(OVERLOADED, FAILED_OVER))))
                .isEmpty();
    }

    @Test
    void namesEveryDifference() {
        assertThat(FAILOVER.differences(
                        seen(503, Answer.ERROR, "2"),
                        new DemoRecord("error", "service_error", "pre_commit", List.of(OVERLOADED))))
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
        DemoScenario healthy = new DemoScenario(
                "healthy",
                DemoDialect.OPENAI,
                "m",
                false,
                "k",
                new Promise(200, Answer.WHOLE, Set.of(), List.of("first"), null));

        assertThat(healthy.differences(
                        seen(200, Answer.WHOLE, "1"), new DemoRecord("success", null, null, List.of(OVERLOADED))))
                .containsExactly("category: promised [], was overloaded");
    }

    @Test
    void showsEveryBehaviourOfTheProviders() {
        assertThat(DemoScenarios.all()).extracting(DemoScenario::model).containsAll(DemoProviders.models());
    }

    private static DemoSeen seen(int status, Answer answer, String attempts) {
        return new DemoSeen(status, Map.of("x-penstock-attempts", attempts), answer, Duration.ZERO);
    }
}

package io.penstock.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.policy.Problem.Severity;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PolicyReportTest {

    @Test
    void saysWhereAndWhatOnTwoLines() {
        String report = PolicyReport.whole(
                "penstock.yaml",
                List.of(
                        new Problem(Severity.ERROR, "", 0, "does not exist"),
                        new Problem(Severity.ERROR, "routes[0].name", 2, "is missing"),
                        new Problem(Severity.WARNING, "upstreams[0].name", 9, "no route uses it")));

        assertThat(report).isEqualTo("""
                penstock.yaml
                    does not exist
                penstock.yaml:2  routes[0].name
                    is missing
                penstock.yaml:9  upstreams[0].name
                    warning: no route uses it
                2 errors, 1 warning""");
    }

    @Test
    void aScreenHoldsTheFirstOnesAndCountsAll() {
        List<Problem> problems = IntStream.range(1, 60)
                .mapToObj(i -> new Problem(Severity.ERROR, "k" + i, i, "is wrong"))
                .toList();

        assertThat(PolicyReport.screen("f", problems).lines())
                .hasSizeLessThanOrEqualTo(24)
                .contains("f:10  k10", "... and 49 more", "59 errors")
                .doesNotContain("f:11  k11");
        assertThat(PolicyReport.whole("f", problems)).contains("f:59  k59");
    }
}

package io.penstock.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.penstock.policy.PolicySource;
import io.penstock.policy.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;

class PenstockHealthTest {

    @Test
    void readinessTellsThePolicyInForce() {
        HealthCheckResponse response = readiness(List.of());

        assertThat(response.getName()).isEqualTo("penstock-ready");
        assertThat(response.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
        assertThat(data(response))
                .containsOnly(
                        entry("policy", "loaded"),
                        entry("policy_file", "/etc/penstock/penstock.yaml"),
                        entry("policy_version", "v1"));
    }

    @Test
    void readinessStaysUpAndTellsARejectedReload() {
        HealthCheckResponse response = readiness(List.of(
                new Problem(Problem.Severity.ERROR, "upstreams[0].url", 12, "is missing"),
                new Problem(Problem.Severity.WARNING, "", 0, "is odd")));

        assertThat(response.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
        assertThat(data(response))
                .contains(
                        entry("policy", "rejected"),
                        entry("policy_version", "v1"),
                        entry("problems", 2L),
                        entry("first_problem", "upstreams[0].url (line 12): is missing"));
    }

    @Test
    void readinessIsDownOnceTheProgramWasToldToStop() {
        HealthCheckResponse response = PenstockHealth.readiness(
                new PolicySource.Status("/etc/penstock/penstock.yaml", "v1", Instant.EPOCH, List.of()), true);

        assertThat(response.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(data(response)).contains(entry("draining", true));
    }

    @Test
    void problemWithoutAPlaceIsThePolicys() {
        assertThat(data(readiness(List.of(new Problem(Problem.Severity.ERROR, "", 0, "cannot be read")))))
                .contains(entry("first_problem", "policy: cannot be read"));
    }

    private static HealthCheckResponse readiness(List<Problem> problems) {
        return PenstockHealth.readiness(
                new PolicySource.Status("/etc/penstock/penstock.yaml", "v1", Instant.EPOCH, problems), false);
    }

    private static Map<String, Object> data(HealthCheckResponse response) {
        return response.getData().orElseThrow();
    }
}

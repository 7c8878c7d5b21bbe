package io.penstock.admin;

import io.penstock.policy.PolicySource;
import io.penstock.policy.Problem;
import io.penstock.policy.Role;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.health.api.HealthRegistry;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * The health checks. A policy file that was rejected is told but takes nothing down: the policy before it still serves.
 * An upstream that is down does not either: a restart or a missing sidecar would not bring it back.
 */
@Singleton
final class PenstockHealth {
    private final PolicySource policies;
    private final ServingState state;

    PenstockHealth(PolicySource policies, ServingState state) {
        this.policies = policies;
        this.state = state;
    }

    /** Alive as long as it can say so: there is no state from which only a restart would help. */
    @Produces
    @Singleton
    @Liveness
    HealthCheck live() {
        return () -> HealthCheckResponse.up("penstock-live");
    }

    /**
     * Registers what tells of the policy in force, where this process serves by one: an injector has checks of its own. A
     * gateway has started once a policy is in force, since the management listener opens only after the data plane's.
     */
    void register(
            @Observes StartupEvent event,
            @ConfigProperty(name = Role.PROPERTY, defaultValue = "gateway") Role role,
            @Readiness HealthRegistry readiness,
            @Startup HealthRegistry startup) {
        if (role != Role.GATEWAY) {
            return;
        }
        readiness.register("penstock-ready", () -> readiness(policies.status(), state.draining()));
        startup.register("penstock-started", () -> HealthCheckResponse.named("penstock-started")
                .withData("policy_version", policies.current().version())
                .up()
                .build());
    }

    static HealthCheckResponse readiness(PolicySource.Status status, boolean draining) {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("penstock-ready")
                .status(!draining)
                .withData("policy", status.upToDate() ? "loaded" : "rejected")
                .withData("policy_file", status.file())
                .withData("policy_version", status.version());
        if (draining) {
            response.withData("draining", true);
        }
        if (!status.upToDate()) {
            Problem first = status.problems().get(0);
            response.withData("problems", status.problems().size())
                    .withData("first_problem", place(first) + ": " + first.message());
        }
        return response.build();
    }

    private static String place(Problem problem) {
        String path = problem.path().isEmpty() ? "policy" : problem.path();
        return problem.line() == 0 ? path : path + " (line " + problem.line() + ")";
    }
}

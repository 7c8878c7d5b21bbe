package io.penstock.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.penstock.policy.Policy;
import io.penstock.policy.PolicySource;
import io.penstock.policy.Problem;
import io.penstock.policy.ReloadListener;
import io.penstock.policy.Role;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Counts reloads, shows the version in force, and lets the series of a new policy begin at zero. Thread-safe. */
@Startup
@Singleton
final class PolicyMeters implements ReloadListener {
    private static final String LOADED = "loaded";
    private static final String REJECTED = "rejected";

    private final Meters meters;
    private final SeriesAtZero series;
    private final List<Gauge> info = new ArrayList<>();

    PolicyMeters(
            Meters meters,
            SeriesAtZero series,
            PolicySource policies,
            @ConfigProperty(name = Role.PROPERTY, defaultValue = "gateway") Role role) {
        this.meters = meters;
        this.series = series;
        if (role != Role.GATEWAY) {
            return;
        }
        meters.reloads(LOADED);
        meters.reloads(REJECTED);
        show(policies.current());
    }

    @Override
    public void loaded(Policy policy) {
        meters.reloads(LOADED).increment();
        show(policy);
    }

    @Override
    public void rejected(List<Problem> problems) {
        meters.reloads(REJECTED).increment();
    }

    private synchronized void show(Policy policy) {
        series.of(policy);
        info.forEach(meters::remove);
        info.clear();
        info.add(meters.configInfo(policy.version()));
        info.add(meters.rulesInfo(policy.rules().version()));
    }
}

package io.penstock.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.penstock.classify.Category;
import io.penstock.classify.ErrorType;
import io.penstock.classify.Phase;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.Operation;
import io.penstock.record.DroppedRecords;
import io.penstock.record.Interception.Outcome;
import io.penstock.upstream.KeyState;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Every meter of Penstock, with its name and its labels: the only place that knows them. A series exists from the first
 * time it is asked for. Names are Prometheus names, to which Micrometer adds {@code _total} and {@code _seconds}.
 */
@Singleton
final class Meters {
    /** The label value that stands for "no upstream was asked". */
    static final String NO_UPSTREAM = "none";

    private static final Duration[] CALL_BUCKETS =
            seconds(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600);
    private static final Duration[] FIRST_CONTENT_BUCKETS =
            seconds(0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60);
    private static final Duration[] OVERHEAD_BUCKETS =
            seconds(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1);
    // OpenTelemetry semantic conventions for generative AI, metrics: the recommended bucket boundaries.
    private static final Duration[] GEN_AI_DURATION_BUCKETS = seconds(DoubleStream.iterate(0.01, s -> s * 2)
            .limit(14)
            .map(s -> Math.round(s * 100) / 100.0)
            .toArray());
    private static final double[] GEN_AI_TOKEN_BUCKETS =
            DoubleStream.iterate(1, t -> t * 4).limit(14).toArray();

    private final MeterRegistry registry;
    private final MeterProvider<Counter> interceptions;
    private final MeterProvider<Counter> errors;
    private final MeterProvider<Counter> attempts;
    private final MeterProvider<Counter> retries;
    private final MeterProvider<Counter> failovers;
    private final MeterProvider<Counter> keyRotations;
    private final MeterProvider<Counter> refusedRetries;
    private final MeterProvider<Counter> unclassified;
    private final MeterProvider<Counter> circuitTransitions;
    private final MeterProvider<Counter> reloads;
    private final MeterProvider<Timer> durations;
    private final MeterProvider<Timer> firstContents;
    private final MeterProvider<Timer> overheads;
    private final MeterProvider<Timer> genAiDurations;
    private final MeterProvider<DistributionSummary> genAiTokens;

    Meters(MeterRegistry registry, DroppedRecords dropped) {
        this.registry = registry;
        interceptions = counter("penstock_interceptions", "Interceptions that ended");
        errors = counter("penstock_errors", "Interceptions that ended in an error");
        attempts = counter("penstock_attempts", "Calls to upstreams, by their result");
        retries = counter("penstock_retries", "Calls repeated at the same upstream, by the failure that caused them");
        failovers = counter("penstock_failovers", "Calls moved to another upstream, by the failure that caused them");
        keyRotations = counter(
                "penstock_key_rotations",
                "Calls repeated at the same upstream with another key, by the failure that caused them");
        refusedRetries =
                counter("penstock_retry_budget_exhausted", "Retries that were due and that the retry budget refused");
        unclassified = counter("penstock_unclassified", "Failed calls that no evidence could name");
        circuitTransitions = counter("penstock_circuit_transitions", "Changes of a circuit's state");
        reloads = counter("penstock_config_reload", "Changed policy files that were taken into force or rejected");
        durations = timer(
                "penstock_interception_duration", "Time from a request's head to its answer's last byte", CALL_BUCKETS);
        firstContents = timer(
                "penstock_time_to_first_content",
                "Time from a request's head to the first content of its answer",
                FIRST_CONTENT_BUCKETS);
        overheads = timer("penstock_overhead", "Time that Penstock itself added to an interception", OVERHEAD_BUCKETS);
        genAiDurations = timer(
                "gen_ai_client_operation_duration",
                "Time of a model operation that reached a provider and was not canceled",
                GEN_AI_DURATION_BUCKETS);
        genAiTokens = DistributionSummary.builder("gen_ai_client_token_usage")
                .description("Tokens of a model operation as the provider counted them")
                .serviceLevelObjectives(GEN_AI_TOKEN_BUCKETS)
                .withRegistry(registry);
        FunctionCounter.builder("penstock_records_dropped", dropped, DroppedRecords::count)
                .description("Interceptions that were not kept because the record store could not follow")
                .register(registry);
    }

    Counter interceptions(String route, Operation operation, Outcome outcome) {
        return interceptions.withTags("route", route, "operation", operation.label(), "outcome", outcome.label());
    }

    Counter errors(String route, String upstream, Category category, Phase phase) {
        return errors.withTags(
                "route", route,
                "upstream", upstream,
                "error_type", category.type().label(),
                "category", category.name(),
                "fault", category.fault().label(),
                "phase", phase.label());
    }

    Counter attempts(String upstream, String result) {
        return attempts.withTags("upstream", upstream, "result", result);
    }

    Counter retries(String upstream, String category) {
        return retries.withTags("upstream", upstream, "category", category);
    }

    Counter failovers(String from, String to, String category) {
        return failovers.withTags("upstream", from, "to", to, "category", category);
    }

    Counter keyRotations(String upstream, String category) {
        return keyRotations.withTags("upstream", upstream, "category", category);
    }

    Counter refusedRetries(String upstream) {
        return refusedRetries.withTags("upstream", upstream);
    }

    Counter unclassified(String upstream, String status) {
        return unclassified.withTags("upstream", upstream, "status", status);
    }

    Counter circuitTransitions(String upstream, String scope, String to) {
        return circuitTransitions.withTags("upstream", upstream, "scope", scope, "to", to);
    }

    Counter reloads(String result) {
        return reloads.withTags("result", result);
    }

    Timer durations(String route, boolean streaming) {
        return durations.withTags("route", route, "streaming", Boolean.toString(streaming));
    }

    Timer firstContents(String route, boolean streaming) {
        return firstContents.withTags("route", route, "streaming", Boolean.toString(streaming));
    }

    Timer overheads(String route, boolean streaming) {
        return overheads.withTags("route", route, "streaming", Boolean.toString(streaming));
    }

    /**
     * The duration of a model operation.
     *
     * @param error null on success: the label is empty then, which to Prometheus is the same as absent, as the
     *     conventions want it
     */
    Timer genAiDurations(Operation operation, Dialect dialect, @Nullable ErrorType error) {
        return genAiDurations.withTags(
                "gen_ai_operation_name", operation.genAiName(),
                "gen_ai_provider_name", GenAi.providerName(dialect),
                "error_type", error == null ? "" : error.label());
    }

    DistributionSummary genAiTokens(Operation operation, Dialect dialect, GenAi.TokenType type) {
        return genAiTokens.withTags(
                "gen_ai_operation_name", operation.genAiName(),
                "gen_ai_provider_name", GenAi.providerName(dialect),
                "gen_ai_token_type", type.label());
    }

    void inFlight(String route, AtomicInteger value) {
        gauge("penstock_in_flight", "Interceptions under way", value, "route", route);
    }

    void openStreams(String route, AtomicInteger value) {
        gauge("penstock_open_streams", "Streams whose last byte has not gone yet", value, "route", route);
    }

    void circuitState(String upstream, String scope, AtomicInteger value) {
        gauge(
                "penstock_circuit_state",
                "State of a circuit: 0 closed, 1 half-open, 2 open",
                value,
                "upstream",
                upstream,
                "scope",
                scope);
    }

    void keyState(String upstream, KeyState state, Supplier<Number> count) {
        Gauge.builder("penstock_key_state", count)
                .description("Keys of Penstock's own, by what is known of them")
                .tags("upstream", upstream, "state", state.label())
                .register(registry);
    }

    /** Shows the version in force, and no other. */
    Gauge configInfo(String version) {
        return Gauge.builder("penstock_config_info", () -> 1)
                .description("The version of the policy in force, as a label")
                .tags("version", version)
                .register(registry);
    }

    void remove(Gauge gauge) {
        registry.remove(gauge);
    }

    private MeterProvider<Counter> counter(String name, String help) {
        return Counter.builder(name).description(help).withRegistry(registry);
    }

    private MeterProvider<Timer> timer(String name, String help, Duration[] buckets) {
        return Timer.builder(name)
                .description(help)
                .serviceLevelObjectives(buckets)
                .withRegistry(registry);
    }

    private void gauge(String name, String help, AtomicInteger value, String... tags) {
        Gauge.builder(name, value, AtomicInteger::get)
                .description(help)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private static Duration[] seconds(double... values) {
        return DoubleStream.of(values)
                .mapToObj(s -> Duration.ofNanos(Math.round(s * 1e9)))
                .toArray(Duration[]::new);
    }
}

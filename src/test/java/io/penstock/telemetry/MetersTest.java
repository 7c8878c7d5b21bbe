package io.penstock.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.penstock.breaker.CircuitState;
import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.Operation;
import io.penstock.policy.Policy;
import io.penstock.policy.PolicySource;
import io.penstock.policy.Role;
import io.penstock.record.DroppedRecords;
import io.penstock.record.Sample;
import io.penstock.upstream.KeyState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

// The registry is deprecated in Micrometer and is the one that Quarkus exports by.
@SuppressWarnings("deprecation")
class MetersTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry, new DroppedRecords());
    private final LiveTraffic live = new LiveTraffic();
    private final CircuitMeters circuits = new CircuitMeters(meters);
    private final InterceptionMeters interceptions = new InterceptionMeters(meters);
    private final CountedKeys keys = new CountedKeys();
    private final SeriesAtZero series = new SeriesAtZero(meters, live, circuits, new KeyMeters(meters, keys));
    private PolicyMeters policies;

    @BeforeEach
    void start() {
        policies = new PolicyMeters(meters, series, new FixedPolicy(SamplePolicy.twoUpstreams("v1")), Role.GATEWAY);
        InjectorMeters injector = new InjectorMeters(registry);
        injector.injections(List.of("injected"));
        injector.copies(List.of("applied"));
    }

    @Test
    void everySeriesExistsAtZeroFromTheStart() {
        Scrape scrape = scrape();

        assertThat(scrape.counted()).isEmpty();
        assertThat(List.of(
                        "penstock_interceptions_total{operation=\"chat_completions\",outcome=\"canceled\",route=\"openai\"}",
                        "penstock_interceptions_total{operation=\"other\",outcome=\"error\",route=\"unknown\"}",
                        "penstock_errors_total{category=\"overloaded\",error_type=\"overloaded\",fault=\"provider\","
                                + "phase=\"mid_stream\",route=\"openai\",upstream=\"azure\"}",
                        "penstock_errors_total{category=\"invalid_request\",error_type=\"bad_request\",fault=\"caller\","
                                + "phase=\"gateway\",route=\"unknown\",upstream=\"none\"}",
                        "penstock_attempts_total{result=\"success\",upstream=\"primary\"}",
                        "penstock_attempts_total{result=\"rate_limit\",upstream=\"azure\"}",
                        "penstock_finish_reasons_total{reason=\"content_filter\",route=\"openai\"}",
                        "penstock_finish_reasons_total{reason=\"none\",route=\"openai\"}",
                        "penstock_retries_total{category=\"network_error\",upstream=\"primary\"}",
                        "penstock_failovers_total{category=\"service_error\",to=\"azure\",upstream=\"primary\"}",
                        "penstock_key_rotations_total{category=\"auth_error\",upstream=\"azure\"}",
                        "penstock_retry_budget_exhausted_total{upstream=\"primary\"}",
                        "penstock_circuit_state{scope=\"upstream\",upstream=\"azure\"}",
                        "penstock_circuit_state{scope=\"gpt-5-prod\",upstream=\"azure\"}",
                        "penstock_circuit_state{scope=\"other\",upstream=\"primary\"}",
                        "penstock_key_state{state=\"rejected\",upstream=\"azure\"}",
                        "penstock_circuit_transitions_total{scope=\"upstream\",to=\"half_open\",upstream=\"azure\"}",
                        "penstock_unclassified_total{status=\"none\",upstream=\"primary\"}",
                        "penstock_interception_duration_seconds_count{route=\"openai\",streaming=\"true\"}",
                        "penstock_interception_duration_seconds_bucket{route=\"unknown\",streaming=\"false\",le=\"600.0\"}",
                        "penstock_time_to_first_content_seconds_bucket{route=\"openai\",streaming=\"true\",le=\"0.05\"}",
                        "penstock_overhead_seconds_bucket{route=\"openai\",streaming=\"false\",le=\"1.0E-4\"}",
                        "penstock_in_flight{route=\"openai\"}",
                        "penstock_open_streams{route=\"unknown\"}",
                        "penstock_records_dropped_total",
                        "penstock_config_reload_total{result=\"loaded\"}",
                        "penstock_config_reload_total{result=\"rejected\"}",
                        "gen_ai_client_operation_duration_seconds_bucket{error_type=\"\",gen_ai_operation_name=\"chat\","
                                + "gen_ai_provider_name=\"openai\",le=\"81.92\"}",
                        "gen_ai_client_operation_duration_seconds_count{error_type=\"timeout\","
                                + "gen_ai_operation_name=\"embeddings\",gen_ai_provider_name=\"openai\"}",
                        "gen_ai_client_token_usage_bucket{gen_ai_operation_name=\"chat\","
                                + "gen_ai_provider_name=\"openai\",gen_ai_token_type=\"output\",le=\"6.7108864E7\"}"))
                .allSatisfy(name -> assertThat(scrape.value(name)).isZero());
    }

    @Test
    void nothingThatCannotHappenIsShown() {
        Scrape scrape = scrape();

        assertThat(scrape.series("penstock_key_rotations_total")).noneMatch(s -> s.contains("upstream=\"primary\""));
        assertThat(scrape.series("penstock_key_state")).noneMatch(s -> s.contains("upstream=\"primary\""));
        assertThat(scrape.series("penstock_circuit_state"))
                .noneMatch(s -> s.contains("gpt-5-prod") && s.contains("primary"));
        assertThat(scrape.series("penstock_failovers_total"))
                .noneMatch(s -> s.contains("content_filter"))
                .noneMatch(s -> s.contains("context_limit"));
        assertThat(scrape.series("penstock_errors_total"))
                .noneMatch(s -> s.contains("circuit_open") && !s.contains("phase=\"gateway\""))
                .noneMatch(s -> s.contains("phase=\"gateway\"") && !s.contains("upstream=\"none\""));
        assertThat(scrape.series("gen_ai_client_operation_duration_seconds_count"))
                .noneMatch(s -> s.contains("anthropic"));
    }

    @Test
    void keysAreCountedWhenSomebodyLooks() {
        keys.count(KeyState.READY, 2);
        keys.count(KeyState.COOLING, 1);
        assertThat(scrape().value("penstock_key_state{state=\"ready\",upstream=\"azure\"}"))
                .isEqualTo(2);
        assertThat(scrape().value("penstock_key_state{state=\"cooling\",upstream=\"azure\"}"))
                .isEqualTo(1);

        keys.count(KeyState.READY, 3);
        keys.count(KeyState.COOLING, 0);
        assertThat(scrape().value("penstock_key_state{state=\"ready\",upstream=\"azure\"}"))
                .isEqualTo(3);
        assertThat(scrape().value("penstock_key_state{state=\"cooling\",upstream=\"azure\"}"))
                .isZero();
    }

    @Test
    void successCountsOnceEverywhere() {
        interceptions.ended(Sample.interception(1)
                .streaming()
                .usage(5, 300)
                .attempt("primary", "first", null, 200)
                .build());

        String labels = "{route=\"openai\",streaming=\"true\"}";
        Scrape scrape = scrape();
        assertThat(counters(scrape))
                .containsOnly(
                        entry(
                                "penstock_interceptions_total{operation=\"chat_completions\",outcome=\"success\","
                                        + "route=\"openai\"}",
                                1.0),
                        entry("penstock_finish_reasons_total{reason=\"stop\",route=\"openai\"}", 1.0),
                        entry("penstock_attempts_total{result=\"success\",upstream=\"primary\"}", 1.0));
        assertThat(scrape.value("penstock_interception_duration_seconds_sum" + labels))
                .isEqualTo(1.5);
        assertThat(scrape.value("penstock_time_to_first_content_seconds_sum" + labels))
                .isEqualTo(0.42);
        assertThat(scrape.value("penstock_overhead_seconds_sum" + labels)).isEqualTo(0.0004123);
        assertThat(scrape.value("gen_ai_client_operation_duration_seconds_sum{error_type=\"\","
                        + "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"openai\"}"))
                .isEqualTo(1.5);
        assertThat(scrape.value("gen_ai_client_token_usage_sum{gen_ai_operation_name=\"chat\","
                        + "gen_ai_provider_name=\"openai\",gen_ai_token_type=\"output\"}"))
                .isEqualTo(300);
        assertThat(scrape.value("gen_ai_client_token_usage_bucket{gen_ai_operation_name=\"chat\","
                        + "gen_ai_provider_name=\"openai\",gen_ai_token_type=\"input\",le=\"4.0\"}"))
                .isZero();
        assertThat(scrape.value("gen_ai_client_token_usage_bucket{gen_ai_operation_name=\"chat\","
                        + "gen_ai_provider_name=\"openai\",gen_ai_token_type=\"input\",le=\"16.0\"}"))
                .isEqualTo(1);
    }

    @Test
    void movesAreCountedAgainstTheAttemptThatCausedThem() {
        interceptions.ended(Sample.interception(1)
                .attempt("azure", "first", Category.RATE_LIMIT, 429)
                .attempt("azure", "rotate_key", Category.OVERLOADED, 529)
                .attempt("azure", "retry", Category.OVERLOADED, 529, true)
                .attempt("primary", "failover", Category.UNKNOWN, 418)
                .failed(Category.OVERLOADED, Phase.PRE_COMMIT, "busy")
                .build());

        assertThat(counters(scrape()))
                .containsOnly(
                        entry(
                                "penstock_interceptions_total{operation=\"chat_completions\",outcome=\"error\","
                                        + "route=\"openai\"}",
                                1.0),
                        entry(
                                "penstock_errors_total{category=\"overloaded\",error_type=\"overloaded\","
                                        + "fault=\"provider\",phase=\"pre_commit\",route=\"openai\",upstream=\"primary\"}",
                                1.0),
                        entry("penstock_attempts_total{result=\"rate_limit\",upstream=\"azure\"}", 1.0),
                        entry("penstock_attempts_total{result=\"overloaded\",upstream=\"azure\"}", 2.0),
                        entry("penstock_attempts_total{result=\"unknown\",upstream=\"primary\"}", 1.0),
                        entry("penstock_key_rotations_total{category=\"rate_limit\",upstream=\"azure\"}", 1.0),
                        entry("penstock_retries_total{category=\"overloaded\",upstream=\"azure\"}", 1.0),
                        entry(
                                "penstock_failovers_total{category=\"overloaded\",to=\"primary\",upstream=\"azure\"}",
                                1.0),
                        entry("penstock_retry_budget_exhausted_total{upstream=\"azure\"}", 1.0),
                        entry("penstock_unclassified_total{status=\"418\",upstream=\"primary\"}", 1.0));
    }

    @Test
    void canceledInterceptionIsNoErrorAndItsAttemptNoSuccess() {
        interceptions.ended(Sample.interception(1)
                .attempt("primary", "first", Category.NETWORK_ERROR, null)
                .attempt("primary", "retry", null, null)
                .canceled()
                .build());

        Scrape scrape = scrape();
        assertThat(counters(scrape))
                .containsOnly(
                        entry(
                                "penstock_interceptions_total{operation=\"chat_completions\",outcome=\"canceled\","
                                        + "route=\"openai\"}",
                                1.0),
                        entry("penstock_attempts_total{result=\"network_error\",upstream=\"primary\"}", 1.0),
                        entry("penstock_attempts_total{result=\"canceled\",upstream=\"primary\"}", 1.0),
                        entry("penstock_retries_total{category=\"network_error\",upstream=\"primary\"}", 1.0));
        assertThat(scrape.counted())
                .noneSatisfy((name, value) -> assertThat(name).startsWith("gen_ai"));
    }

    @Test
    void requestThatMetNoRouteIsCountedWithoutAnUpstream() {
        interceptions.ended(Sample.interception(1)
                .route("unknown", null, Operation.OTHER)
                .failed(Category.INVALID_REQUEST, Phase.GATEWAY, "no such route")
                .build());

        assertThat(counters(scrape()))
                .containsOnly(
                        entry(
                                "penstock_interceptions_total{operation=\"other\",outcome=\"error\",route=\"unknown\"}",
                                1.0),
                        entry(
                                "penstock_errors_total{category=\"invalid_request\",error_type=\"bad_request\","
                                        + "fault=\"caller\",phase=\"gateway\",route=\"unknown\",upstream=\"none\"}",
                                1.0));
    }

    @Test
    void errorBeforeAnyAttemptIsNoModelOperation() {
        interceptions.ended(Sample.interception(1)
                .failed(Category.REQUEST_TOO_LARGE, Phase.GATEWAY, "too large")
                .build());
        interceptions.ended(Sample.interception(2)
                .route("gemini", Dialect.GEMINI, Operation.GENERATE_CONTENT)
                .attempt("gemini", "first", Category.IDLE_TIMEOUT, 200)
                .failed(Category.IDLE_TIMEOUT, Phase.MID_STREAM, "silence")
                .build());

        assertThat(scrape().counted().keySet().stream()
                        .filter(name -> name.startsWith("gen_ai_client_operation_duration_seconds_count")))
                .containsExactly("gen_ai_client_operation_duration_seconds_count{error_type=\"timeout\","
                        + "gen_ai_operation_name=\"generate_content\",gen_ai_provider_name=\"gcp.gemini\"}");
    }

    @Test
    void gaugesFollowTheTraffic() {
        live.inFlight("openai").set(3);
        live.openStreams("openai").set(2);

        assertThat(scrape().value("penstock_in_flight{route=\"openai\"}")).isEqualTo(3);
        assertThat(scrape().value("penstock_open_streams{route=\"openai\"}")).isEqualTo(2);
    }

    @Test
    void circuitsShowTheirStateAndCountTransitions() {
        circuits.transition("primary", "upstream", CircuitState.CLOSED, CircuitState.OPEN, "service_error");
        circuits.transition("azure", "gpt-5", CircuitState.OPEN, CircuitState.HALF_OPEN, "time");

        Scrape scrape = scrape();
        assertThat(scrape.value("penstock_circuit_state{scope=\"upstream\",upstream=\"primary\"}"))
                .isEqualTo(2);
        assertThat(scrape.value("penstock_circuit_state{scope=\"gpt-5\",upstream=\"azure\"}"))
                .isEqualTo(1);
        assertThat(scrape.value(
                        "penstock_circuit_transitions_total{scope=\"upstream\",to=\"open\",upstream=\"primary\"}"))
                .isEqualTo(1);

        circuits.transition("primary", "upstream", CircuitState.HALF_OPEN, CircuitState.CLOSED, "probe");

        assertThat(scrape().value("penstock_circuit_state{scope=\"upstream\",upstream=\"primary\"}"))
                .isZero();
    }

    @Test
    void reloadShowsTheNewVersionAloneAndTheNewSeries() {
        policies.loaded(SamplePolicy.one("v2", "local"));
        policies.rejected(List.of());
        policies.rejected(List.of());

        Scrape scrape = scrape();
        assertThat(scrape.series("penstock_config_info")).containsExactly("penstock_config_info{version=\"v2\"}");
        assertThat(scrape.value("penstock_config_info{version=\"v2\"}")).isEqualTo(1);
        assertThat(scrape.value("penstock_config_reload_total{result=\"loaded\"}"))
                .isEqualTo(1);
        assertThat(scrape.value("penstock_config_reload_total{result=\"rejected\"}"))
                .isEqualTo(2);
        assertThat(scrape.value("penstock_attempts_total{result=\"success\",upstream=\"local\"}"))
                .isZero();
    }

    @Test
    void samePolicyLoadedAgainIsStillShown() {
        policies.loaded(SamplePolicy.twoUpstreams("v1"));

        assertThat(scrape().value("penstock_config_info{version=\"v1\"}")).isEqualTo(1);
    }

    @Test
    void statusLabelIsAClosedSet() {
        assertThat(UnclassifiedStatus.label(null)).isEqualTo("none");
        assertThat(UnclassifiedStatus.label(200)).isEqualTo("200");
        assertThat(UnclassifiedStatus.label(999)).isEqualTo("other");
    }

    /** What {@code promtool check metrics} asks for. */
    @Test
    void everyMetricHasHelpAndAConformingName() {
        Scrape scrape = scrape();

        assertThat(scrape.types()).hasSizeGreaterThan(20).allSatisfy((name, type) -> {
            assertThat(scrape.lines()).anyMatch(line -> line.matches("# HELP " + name + " \\S.*"));
            assertThat(name).matches("[a-z][a-z0-9_]*");
            assertThat(name.endsWith("_total")).as("%s ends with _total", name).isEqualTo(type.equals("counter"));
        });
    }

    @Test
    void referenceDescribesExactlyTheseMetrics() throws IOException {
        // The `_max` gauge of each histogram is described once for all.
        Map<String, String> exported = scrape().types().entrySet().stream()
                .filter(e -> !e.getKey().endsWith("_max"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        Map<String, String> described = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (\\w+) \\|")
                .matcher(Files.readString(Path.of("docs/metrics.md")))
                .results()
                .collect(Collectors.toMap((MatchResult row) -> row.group(1), row -> row.group(2)));

        assertThat(described).isEqualTo(exported);
    }

    private Scrape scrape() {
        return Scrape.of(registry.scrape());
    }

    private static Map<String, Double> counters(Scrape scrape) {
        Map<String, Double> counters = scrape.counted();
        counters.keySet().removeIf(name -> !name.matches("\\w+_total(\\{.*)?"));
        return counters;
    }

    /** A policy that does not change. */
    private record FixedPolicy(Policy current) implements PolicySource {
        @Override
        public void onChange(Consumer<Policy> listener) {}

        @Override
        public Status status() {
            return new Status("built-in", current.version(), Instant.EPOCH, List.of());
        }
    }
}

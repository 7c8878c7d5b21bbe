package io.penstock.classify;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.dialect.Dialect;
import io.penstock.dialect.ProviderError;
import io.penstock.policy.DefaultRules;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published taxonomy, written down a second time on purpose: dashboards, alerts and policies rely on each word. */
class TaxonomyTest {

    private static final String TABLE = """
            prompt_limit          bad_request  caller   caller  NEVER         -       LARGER_ONLY         nothing
            input_limit           bad_request  caller   caller  NEVER         -       LARGER_ONLY         nothing
            context_limit         bad_request  caller   caller  NEVER         -       LARGER_ONLY         nothing
            token_limit           bad_request  caller   caller  NEVER         -       LARGER_ONLY         nothing
            pdf_limit             bad_request  caller   caller  NEVER         -       LARGER_ONLY         nothing
            media_limit           bad_request  caller   caller  NEVER         -       LARGER_ONLY         nothing
            cache_limit           bad_request  caller   caller  NEVER         -       LARGER_ONLY         nothing
            validation_error      bad_request  caller   caller  NEVER         -       NEVER               nothing
            parameter_error       bad_request  caller   caller  NEVER         -       NEVER               nothing
            invalid_request       bad_request  caller   caller  NEVER         -       NEVER               nothing
            thinking_error        bad_request  caller   caller  NEVER         -       NEVER               nothing
            model_error           bad_request  caller   caller  NEVER         -       NEVER               nothing
            store_error           bad_request  caller   caller  NEVER         -       NEVER               nothing
            content_filter        bad_request  caller   caller  NEVER         -       OPT_IN              nothing
            model_not_found       bad_request  caller   -       NEVER         -       ALWAYS              model
            auth_error            unauthorized account  -       NEVER         rotate  ALWAYS              key
            quota_exhausted       rate_limited account  -       NEVER         rotate  ALWAYS              key
            rate_limit            rate_limited account  -       AFTER_HINT    rotate  ALWAYS              key
            overloaded            overloaded   provider -       ONCE_JITTERED -       ALWAYS              model
            service_error         server_error provider -       ONCE_JITTERED -       ALWAYS              upstream
            network_error         server_error network  -       ONCE_AT_ONCE  -       ALWAYS              upstream
            protocol_error        server_error provider -       NEVER         -       ALWAYS              upstream
            stream_truncated      server_error provider -       NEVER         -       NEVER               upstream
            connect_timeout       timeout      network  -       NEVER         -       ALWAYS              upstream
            first_content_timeout timeout      provider -       NEVER         -       ALWAYS              upstream
            idle_timeout          timeout      provider -       NEVER         -       NEVER               upstream
            deadline_exceeded     timeout      provider -       NEVER         -       NEVER               upstream
            upstream_timeout      timeout      provider -       NEVER         -       ALWAYS              upstream
            circuit_open          server_error gateway  -       NEVER         -       NEVER               nothing
            no_upstream           server_error gateway  -       NEVER         -       NEVER               nothing
            request_too_large     bad_request  caller   -       NEVER         -       NEVER               nothing
            unknown               unknown      provider -       NEVER         -       UNLESS_ANSWERED_4XX nothing
            """;

    /** Categories that only a sentence tells apart; the default rules on the message name them. */
    private static final Set<String> ONLY_BY_RULE = Set.of("thinking_error", "pdf_limit", "cache_limit");

    @Test
    void declaresEveryCategoryAsPublished() {
        assertThat(Category.builtIn().stream().map(TaxonomyTest::line))
                .containsExactlyElementsOf(
                        TABLE.lines().map(TaxonomyTest::squeezed).toList());
    }

    @Test
    void hasExactlyTheFourteenCallerCategories() {
        assertThat(Category.builtIn().stream().filter(Category::caller).map(Category::name))
                .containsExactlyInAnyOrder(
                        "prompt_limit",
                        "input_limit",
                        "context_limit",
                        "token_limit",
                        "content_filter",
                        "validation_error",
                        "thinking_error",
                        "parameter_error",
                        "pdf_limit",
                        "media_limit",
                        "cache_limit",
                        "invalid_request",
                        "model_error",
                        "store_error");
    }

    @Test
    void hasExactlyTheSevenErrorTypesAndFiveFaults() {
        assertThat(Stream.of(ErrorType.values()).map(ErrorType::label))
                .containsExactly(
                        "bad_request",
                        "unauthorized",
                        "rate_limited",
                        "overloaded",
                        "server_error",
                        "timeout",
                        "unknown");
        assertThat(Stream.of(Fault.values()).map(Fault::label))
                .containsExactlyInAnyOrder("caller", "account", "provider", "network", "gateway");
    }

    @Test
    void givesEveryCategoryAWayToBeReached() {
        Set<String> reached = new TreeSet<>(ONLY_BY_RULE);
        Stream.of(Signal.values())
                .flatMap(signal -> Stream.of(true, false).map(signal::category))
                .map(Category::name)
                .forEach(reached::add);
        Stream.of(
                        "prompt_too_long",
                        "input_too_long",
                        "context_length_exceeded",
                        "max_tokens_exceeded",
                        "image_too_large",
                        "tool_use_failed",
                        "invalid_value",
                        "missing_model",
                        "previous_response_not_found",
                        "content_filter",
                        "model_not_found",
                        "invalid_request")
                .map(code -> name(400, code))
                .forEach(reached::add);
        IntStream.rangeClosed(400, 599).mapToObj(status -> name(status, null)).forEach(reached::add);
        assertThat(reached)
                .containsExactlyInAnyOrderElementsOf(
                        Category.builtIn().stream().map(Category::name).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "connect_refused,network_error",
        "dns,network_error",
        "tls,network_error",
        "reset,network_error",
        "connect_timeout,connect_timeout",
        "first_content_timeout,first_content_timeout",
        "idle_timeout,idle_timeout",
        "deadline,deadline_exceeded",
        "truncated,protocol_error",
        "empty,protocol_error",
        "malformed,protocol_error",
        "pool_exhausted,overloaded",
        "circuit_open,circuit_open",
        "no_upstream,no_upstream",
        "request_too_large,request_too_large",
        "invalid_request,invalid_request"
    })
    void namesEachSignal(String label, String category) {
        Predicate<Signal> named = signal -> signal.label().equals(label);
        assertThat(Stream.of(Signal.values()).filter(named).map(signal -> signal.category(false)
                        .name()))
                .containsExactly(category);
        assertThat(Signal.values()).hasSize(16);
    }

    private static String name(int status, @Nullable String code) {
        ProviderError error = code == null
                ? ProviderError.ABSENT
                : new ProviderError(ProviderError.Kind.STRUCTURED, code, null, null, null, null, List.of(), "");
        return new Classifier(Clock.systemUTC(), DefaultRules.ruleSet())
                .classify(
                        new Failure.Answer(status, Failure.Headers.NONE, error),
                        new Subject(Dialect.OPENAI, "primary", "some-model", false))
                .category()
                .name();
    }

    private static String line(Category category) {
        Reaction reaction = category.reaction();
        return Stream.of(
                        category.name(),
                        category.type().label(),
                        category.fault().label(),
                        category.caller() ? "caller" : "-",
                        reaction.retry().name(),
                        reaction.rotateKey() ? "rotate" : "-",
                        reaction.failover().name(),
                        reaction.countsFor().label())
                .collect(Collectors.joining(" "));
    }

    private static String squeezed(String line) {
        return line.strip().replaceAll(" +", " ");
    }
}

package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.simulator.Provider;
import io.penstock.simulator.Script;
import io.penstock.simulator.Voice;
import io.penstock.wire.NpmSdks.Got;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the npm SDKs make of failures before the first text: the exception that the vendor documents, of the best evidence there
 * is, or no exception at all where another upstream helps. The retries of both layers do not multiply.
 */
class NpmSdkErrorsIT extends WithNpmSdks {
    /**
     * A failure before any text.
     *
     * @param openAi the exception of OpenAI's SDK; {@code anthropic} that of the other
     * @param requests how many requests the provider sees for one call of the application
     */
    record Failing(Deed deed, String openAi, String anthropic, int requests) {
        @Override
        public String toString() {
            return deed.name();
        }
    }

    static Stream<Arguments> failures() {
        return with(
                each("blocking", "events", "final"),
                failing("bad request", Voice::badRequest, "BadRequestError", "BadRequestError", 1),
                failing("bad key", Voice::badKey, "AuthenticationError", "AuthenticationError", 1),
                failing("out of money", Voice::outOfMoney, "RateLimitError", "BadRequestError", 1),
                failing("rate limit", voice -> rateLimit(), "RateLimitError", "RateLimitError", 3),
                failing("broken", Voice::serverError, "InternalServerError", "InternalServerError", 2),
                failing("overloaded", Voice::overloaded, "InternalServerError", "OverloadedError", 2),
                failing(
                        "overloaded inside a 200",
                        Voice::overloadedBeforeContent,
                        "InternalServerError",
                        "OverloadedError",
                        2),
                // Penstock asks once and leaves it to the SDK to try again.
                failing("web page", voice -> Script.html(200), "InternalServerError", "InternalServerError", 3));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void raisesTheExceptionOfTheFailureAndMultipliesNoRetries(Api api, String way, Failing failing) throws Exception {
        provider.always(failing.deed().how().apply(api.voice));

        Got got = call(api, way);

        assertThat(raised(got, api.openAi() ? failing.openAi() : failing.anthropic())
                        .category())
                .isNotNull();
        assertThat(got.text()).isEmpty();
        assertThat(provider.exchanges()).hasSize(failing.requests());
    }

    /** Waiting helps, so the SDK may come again, twice; what it repeats Penstock does not repeat as well. */
    @ParameterizedTest
    @EnumSource
    void addsTheRetriesOfBothWhereTheProviderAsksToWait(Api api) throws Exception {
        provider.always(api.voice.rateLimited(Duration.ofSeconds(1)));

        Got got = call(api, "blocking");

        assertThat(raised(got, "RateLimitError").status()).isEqualTo(429);
        assertThat(provider.exchanges())
                .as("3 of the first call, and one of each retry")
                .hasSize(5);
    }

    static Stream<Arguments> firstFailures() {
        return with(
                ways(),
                new Deed("broken", Voice::serverError),
                new Deed("overloaded inside a 200", Voice::overloadedBeforeContent),
                new Deed("out of money", Voice::outOfMoney),
                new Deed("web page", voice -> Script.html(200)));
    }

    @ParameterizedTest
    @MethodSource("firstFailures")
    void getsAWholeAnswerOfTheOtherUpstream(Api api, String way, Deed deed) throws Exception {
        provider.when(exchange -> exchange.path().startsWith("/a/"), deed.how().apply(api.voice));

        Got got = call(api, way, "-pair");

        assertThat(got).isEqualTo(new Got(WHOLE, api.stop, null));
        assertThat(provider.exchanges())
                .filteredOn(exchange -> exchange.path().startsWith("/b/"))
                .hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void raisesTheBestEvidenceWhenAllUpstreamsFail(Api api, String way) throws Exception {
        provider.when(exchange -> exchange.path().startsWith("/a/"), rateLimit());
        provider.always(Script.html(502));

        Got got = call(api, way, "-pair");

        assertThat(raised(got, "RateLimitError").shouldRetry()).isEqualTo("false");
        assertThat(provider.exchanges())
                .as("3 of the first upstream, 2 of the other, none of the SDK")
                .hasSize(5);
    }

    private static Failing failing(
            String name, Function<Voice, Provider> how, String openAi, String anthropic, int requests) {
        return new Failing(new Deed(name, how), openAi, anthropic, requests);
    }

    /** Too many requests, without a word on how long to wait. */
    private static Script rateLimit() {
        return Script.json(
                429,
                "{\"error\":{\"message\":\"Slow down.\",\"type\":\"rate_limit_error\",\"code\":\"rate_limit_exceeded\"}}");
    }
}

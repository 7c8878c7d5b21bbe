package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.cli.DemoSeen.Answer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Asks the simulated providers as the demo's application asks the gateway, but without a gateway. */
class DemoProvidersTest {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static Vertx vertx;
    private static DemoProviders providers;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        providers = DemoProviders.start(vertx);
    }

    @AfterAll
    static void stop() {
        providers.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @EnumSource
    void answerAnyOtherModelWellInEveryDialect(DemoDialect dialect) throws Exception {
        for (boolean stream : List.of(true, false)) {
            HttpResponse<String> answer = ask(providers.primaryUrl(), dialect, "any", stream, "k");
            assertThat(Answer.of(dialect, stream, answer.statusCode(), answer.body(), false))
                    .isEqualTo(Answer.WHOLE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OPENAI, out-of-money, 429",
        "OPENAI, bad-request, 400",
        "OPENAI, overloaded, 503",
        "ANTHROPIC, overloaded, 529",
        "GEMINI, overloaded, 503",
        "GEMINI, rate-limited-long, 429",
        "OPENAI, small-context, 400",
        "OPENAI, filtered, 400",
    })
    void misbehaveByTheModelsNameInTheDialectOfTheRequest(DemoDialect dialect, String model, int status)
            throws Exception {
        HttpResponse<String> answer = ask(providers.primaryUrl(), dialect, model, true, "k");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("\"error\"");
        assertThat(ask(providers.backupUrl(), dialect, model, true, "k").statusCode())
                .isEqualTo(200);
    }

    @Test
    void failEverySecondTimeWhereTheyAreFlaky() throws Exception {
        assertThat(List.of(
                        ask(providers.primaryUrl(), DemoDialect.OPENAI, "flaky", false, "k")
                                .statusCode(),
                        ask(providers.primaryUrl(), DemoDialect.OPENAI, "flaky", false, "k")
                                .statusCode(),
                        ask(providers.primaryUrl(), DemoDialect.OPENAI, "flaky", false, "k")
                                .statusCode()))
                .containsExactly(500, 200, 500);
    }

    @Test
    void areDownForTwoRequestsAndThenWell() throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            statuses.add(ask(providers.primaryUrl(), DemoDialect.OPENAI, "down-for-two", false, "k")
                    .statusCode());
        }
        assertThat(statuses).containsExactly(500, 500, 200, 500);
    }

    @ParameterizedTest
    @CsvSource({"sk-lent-dead-1, 401", "sk-lent-dead-2, 401", "sk-lent-empty-1, 429", "sk-lent-good, 200"})
    void knowTheKeysOfTheGatewayByTheirNames(String key, int status) throws Exception {
        assertThat(DemoProviders.LENT_KEYS).contains(key);
        assertThat(ask(providers.primaryUrl(), DemoDialect.OPENAI, "any", false, key)
                        .statusCode())
                .isEqualTo(status);
    }

    @Test
    void failInsideAStreamAndBreakStreamsOff() throws Exception {
        HttpResponse<String> overloaded =
                ask(providers.primaryUrl(), DemoDialect.ANTHROPIC, "overloaded-in-stream", true, "k");

        assertThat(Answer.of(DemoDialect.ANTHROPIC, true, overloaded.statusCode(), overloaded.body(), false))
                .isEqualTo(Answer.ERROR_IN_STREAM);
        assertThatThrownBy(() -> ask(providers.primaryUrl(), DemoDialect.OPENAI, "cut", true, "k"))
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @EnumSource
    void doNotKnowTheUnknownKey(DemoDialect dialect) throws Exception {
        for (String provider : List.of(providers.primaryUrl(), providers.backupUrl())) {
            assertThat(ask(provider, dialect, "any", false, DemoProviders.UNKNOWN_KEY)
                            .statusCode())
                    .isIn(400, 401);
        }
    }

    private static HttpResponse<String> ask(
            String provider, DemoDialect dialect, String model, boolean stream, String key)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(provider + dialect.path(model, stream)))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(dialect.body(model, stream)));
        dialect.credential(key).forEach(request::header);
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }
}

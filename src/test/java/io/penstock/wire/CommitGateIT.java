package io.penstock.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.simulator.Provider;
import io.penstock.simulator.Script;
import io.penstock.simulator.Simulator;
import io.penstock.simulator.Voice;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong before the first content and after it, with real connections of either HTTP version. */
class CommitGateIT {
    private static final String POLICY = """
            routes:
              - {name: %1$s-%2$s, dialect: %2$s, upstreams: [{name: %1$s-%2$s-1}, {name: %1$s-%2$s-2, priority: 2}]}
            """;
    private static final String UPSTREAM = """
              - name: %1$s-%2$s-%3$d
                url: "%4$s"
                dialect: %2$s
                http: %1$s
                credentialGroup: %2$s
                timeouts: {connect: 20s, firstContent: %5$s, idle: 1s}
                circuit: {window: 1000}
            """;

    private static final String CONTENT = "data: {\"choices\":[{\"delta\":{\"content\":\"The \"}}]}\n\n";

    private static Vertx vertx;
    private static Simulator first;
    private static Simulator second;
    private static PenstockProcess penstock;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        vertx = Vertx.vertx();
        first = Simulator.start(vertx);
        second = Simulator.start(vertx);
        StringBuilder routes = new StringBuilder("routes:\n");
        StringBuilder upstreams = new StringBuilder("upstreams:\n");
        for (String version : List.of("http1", "http2")) {
            for (String dialect : List.of("openai", "anthropic", "gemini")) {
                routes.append(POLICY.formatted(version, dialect).substring("routes:\n".length()));
                upstreams.append(UPSTREAM.formatted(version, dialect, 1, first.baseUrl(), "1s"));
                upstreams.append(UPSTREAM.formatted(version, dialect, 2, second.baseUrl(), "20s"));
            }
        }
        penstock =
                PenstockProcess.serve(Files.writeString(directory.resolve("penstock.yaml"), routes.append(upstreams)));
    }

    @AfterAll
    static void stop() {
        penstock.close();
        first.close();
        second.close();
        vertx.close();
    }

    @AfterEach
    void forget() {
        first.forget();
        second.forget();
    }

    private static RawAnswer ask(String route, boolean stream) throws IOException {
        String dialect = route.substring(route.indexOf('-') + 1);
        String path =
                switch (dialect) {
                    case "openai" -> "/v1/chat/completions";
                    case "anthropic" -> "/v1/messages";
                    default ->
                        "/v1beta/models/gemini-3:" + (stream ? "streamGenerateContent?alt=sse" : "generateContent");
                };
        try (RawClient client = penstock.connect()) {
            return client.post("/" + route + path, "{\"model\":\"m\",\"stream\":" + stream + ",\"messages\":[]}")
                    .read();
        }
    }

    private static Provider voiced(Function<Voice, Provider> behaviour) {
        return exchange ->
                behaviour.apply(Voice.at(exchange.path()).orElseThrow()).answer(exchange);
    }

    private static List<String> attempts(RawAnswer answer) {
        List<String> attempts = new ArrayList<>();
        for (JsonNode attempt : new Admin(penstock).recordOf(answer).path("attempts")) {
            attempts.add(attempt.path("reason").asText() + " "
                    + attempt.path("category").asText("ok"));
        }
        return attempts;
    }

    private static void assertOneCleanAnswerOfTheSecond(RawAnswer answer) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.whole()).isTrue();
        assertThat(answer.header("x-penstock-upstream")).endsWith("-2");
        assertThat(answer.body()).isEqualTo(second.exchanges().get(0).sent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http1-openai",
                "http2-openai",
                "http1-anthropic",
                "http2-anthropic",
                "http1-gemini",
                "http2-gemini"
            })
    void asksAnotherWhenAnOverloadComesInsideA200(String route) throws IOException {
        first.always(voiced(Voice::overloadedBeforeContent));

        RawAnswer answer = ask(route, true);

        assertOneCleanAnswerOfTheSecond(answer);
        assertThat(attempts(answer)).containsExactly("first overloaded", "retry overloaded", "failover ok");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http1-openai", "http2-anthropic", "http1-gemini"})
    void asksAnotherWhenPingsAreAllThatComes(String route) throws IOException {
        first.always(voiced(voice -> voice.pingsOnly(Duration.ofMillis(100))));

        RawAnswer answer = ask(route, true);

        assertOneCleanAnswerOfTheSecond(answer);
        assertThat(attempts(answer)).containsExactly("first first_content_timeout", "failover ok");
        assertThat(first.exchanges().get(0).ending()).succeedsWithin(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource({"http1-openai, true", "http2-openai, false", "http1-anthropic, false", "http2-gemini, true"})
    void asksAnotherWhenA200IsAWebPageOrNothing(String route, boolean stream) throws IOException {
        for (Script none : List.of(Script.html(200), Script.empty())) {
            second.forget();
            first.always(none);

            RawAnswer answer = ask(route, stream);

            assertOneCleanAnswerOfTheSecond(answer);
            assertThat(attempts(answer)).containsExactly("first protocol_error", "failover ok");
        }
        assertThat(penstock.output()).noneMatch(line -> line.contains("ERROR"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http1-openai", "http2-anthropic", "http2-gemini"})
    void asksAnotherWhenTheStreamBreaksBeforeContent(String route) throws IOException {
        first.always(voiced(voice ->
                exchange -> voice.opened(exchange).bytes(": hold on\n\n").reset()));

        RawAnswer answer = ask(route, true);

        assertOneCleanAnswerOfTheSecond(answer);
        assertThat(attempts(answer)).containsExactly("first protocol_error", "failover ok");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http1-openai",
                "http2-openai",
                "http1-anthropic",
                "http2-anthropic",
                "http1-gemini",
                "http2-gemini"
            })
    void saysSoInTheStreamWhenItBreaksAfterContent(String route) throws IOException {
        first.always(voiced(voice -> voice.cutMidStream("The gate ", "is ")));

        RawAnswer answer = ask(route, true);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.whole()).isFalse();
        String sent = new String(first.exchanges().get(0).sent(), UTF_8);
        assertThat(answer.text()).startsWith(sent).contains("\"error\":{").endsWith("\n\n");
        assertThat(answer.text().substring(sent.length())).containsOnlyOnce("Penstock: ");
        assertThat(second.exchanges()).isEmpty();
        JsonNode record = new Admin(penstock).recordOf(answer);
        assertThat(record.path("error_category").asText()).isEqualTo("stream_truncated");
        assertThat(record.path("phase").asText()).isEqualTo("mid_stream");
    }

    @Test
    void saysSoInTheStreamWhenTheProviderFallsSilent() throws IOException {
        first.always(exchange -> Voice.openAiChat()
                .opened(exchange)
                .bytes("data: {\"choices\":[{\"delta\":{\"content\":\"The \"}}]}\n\n")
                .hang());

        RawAnswer answer = ask("http1-openai", true);

        assertThat(answer.whole()).isFalse();
        assertThat(answer.text()).contains("\"code\":\"idle_timeout\"");
    }

    @Test
    void sendsARefusedStreamAgain() throws IOException {
        first.enqueue(Script.begin().reset(Script.REFUSED_STREAM));

        RawAnswer answer = ask("http2-openai", true);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-penstock-upstream")).endsWith("-1");
        assertThat(attempts(answer)).containsExactly("first network_error", "retry ok");
    }

    @Test
    void sendsAgainWhatAGoAwayLeftUndone() throws IOException {
        first.enqueue(Script.begin().goAway(Script.NO_ERROR, true).hang());

        RawAnswer answer = ask("http2-openai", true);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.whole()).isTrue();
        assertThat(attempts(answer)).containsExactly("first network_error", "retry ok");
    }

    @Test
    void saysSoInTheStreamWhenItAloneIsReset() throws IOException {
        first.enqueue(
                exchange -> Voice.openAiChat().opened(exchange).bytes(CONTENT).reset());

        RawAnswer answer = ask("http2-openai", true);

        assertThat(answer.whole()).isFalse();
        assertThat(answer.text()).startsWith(CONTENT).contains("\"code\":\"stream_truncated\"");
        assertThat(attempts(answer)).containsExactly("first stream_truncated");
        assertThat(second.exchanges()).isEmpty();
    }

    @Test
    void letsAStreamEndThatAGoAwayLeavesAlone() throws IOException {
        first.enqueue(exchange -> Voice.openAiChat()
                .opened(exchange)
                .bytes(CONTENT)
                .goAway(Script.NO_ERROR, false)
                .bytes("data: [DONE]\n\n")
                .end());

        RawAnswer answer = ask("http2-openai", true);

        assertThat(answer.whole()).isTrue();
        assertThat(answer.body()).isEqualTo(first.exchanges().get(0).sent());
        assertThat(attempts(answer)).containsExactly("first ok");
        assertThat(ask("http2-openai", true).status())
                .as("by another connection")
                .isEqualTo(200);
    }
}

package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.policy.DefaultRules;
import io.penstock.policy.PolicyReader;
import io.penstock.policy.PolicyReading;
import io.penstock.policy.References;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code penstock classify} as an operator meets it, with what was captured in hand. */
class ClassifyCommandIT {
    private static final String RATE_LIMITED =
            "{\"error\":{\"message\":\"Rate limit reached\",\"code\":\"rate_limit_exceeded\"}}";
    private static final String OVERLOADED = """
            event: message_start
            data: {"type":"message_start","message":{}}

            event: error
            data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}

            """;
    /** Several of each, so that the order in which the program keeps them would show in the version of the rules. */
    private static final String POLICY = """
            upstreams:
              - {name: east, url: "http://127.0.0.1:9", dialect: openai}
              - {name: west, url: "http://127.0.0.1:9", dialect: openai}
              - {name: north, url: "http://127.0.0.1:9", dialect: openai}
              - {name: south, url: "http://127.0.0.1:9", dialect: openai}
            rules:
              - id: partner-budget
                pattern: partner budget 7[0-9] used up
                category: quota_exhausted
                status: [429, 5xx]
                dialect: [openai, anthropic, gemini]
                upstream: [west, east, south, north]
                examples:
                  matches: ['sorry, partner budget 71 used up']
                  ignores: ['partner budget 710 used up']
              - {id: watched, pattern: budget, category: rate_limit, shadow: true, order: 1, status: 5xx}
            """;

    @TempDir
    Path directory;

    @Test
    void aRawResponseOnStandardInputIsExplained() throws Exception {
        PenstockProcess.Run run = PenstockProcess.feed(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\n"
                        + "Content-Type: application/json\r\n\r\n" + RATE_LIMITED,
                "classify");

        assertThat(run.exitCode()).as(run.text()).isZero();
        assertThat(run.text())
                .contains("category     rate_limit (fault: account)")
                .contains("error.code has rate_limit_exceeded")
                .contains("7000 ms, from retry-after");
    }

    @Test
    void aBodyFromAFileTakesItsStatusAndHeadersFromTheCommandLine() throws Exception {
        JsonNode explained = json(PenstockProcess.run(
                "classify", write("body.json", RATE_LIMITED), "--status", "429", "-H", "retry-after: 2", "--json"));

        assertThat(explained.path("category").asText()).isEqualTo("rate_limit");
        assertThat(explained.path("retry_after_ms").asInt()).isEqualTo(2_000);
        assertThat(explained.path("evidence").path("field").asText()).isEqualTo("error.code");
    }

    @Test
    void aTranscriptIsExplainedByTheErrorInIt() throws Exception {
        JsonNode explained = json(
                PenstockProcess.run("classify", write("stream.sse", OVERLOADED), "--dialect", "anthropic", "--json"));

        assertThat(explained.path("category").asText()).isEqualTo("overloaded");
        assertThat(explained.path("phase").asText()).isEqualTo("pre_commit");
        assertThat(explained.path("failover").asBoolean()).isTrue();
    }

    @Test
    void aTranscriptThatIsFineIsASuccess() throws Exception {
        JsonNode explained =
                json(PenstockProcess.run("classify", "src/test/resources/streams/openai-chat/reasoning.sse", "--json"));

        assertThat(explained.path("outcome").asText()).isEqualTo("success");
        assertThat(explained.path("category").isNull()).isTrue();
    }

    @Test
    void theDefaultRulesAreTheSameInEveryProcess() throws Exception {
        JsonNode explained = json(PenstockProcess.feed("out of capacity", "classify", "--status", "500", "--json"));

        assertThat(explained.path("rules_version").asText())
                .isEqualTo(DefaultRules.ruleSet().version());
    }

    @Test
    void theRulesOfThePolicyAreAskedAndTheirVersionIsTheSameInEveryProcess() throws Exception {
        String policy = write("penstock.yaml", POLICY);
        String body = "{\"error\":{\"message\":\"Sorry, partner budget 75 used up\"}}";
        JsonNode explained = json(PenstockProcess.feed(
                body, "classify", "--status", "500", "--upstream", "west", "--policy", policy, "--json"));

        assertThat(explained.path("rule").asText()).isEqualTo("partner-budget");
        assertThat(explained.path("category").asText()).isEqualTo("quota_exhausted");
        assertThat(explained.path("shadow").path(0).asText()).isEqualTo("watched");
        PolicyReading here = new PolicyReader(References.UNCHECKED, Path.of(policy)).read(POLICY);
        assertThat(here).isInstanceOfSatisfying(PolicyReading.Valid.class, valid -> assertThat(
                        explained.path("rules_version").asText())
                .isEqualTo(valid.policy().rules().version())
                .isNotEqualTo(DefaultRules.ruleSet().version()));
    }

    @Test
    void aDisabledDefaultRuleIsNotAsked() throws Exception {
        String body = "{\"error\":{\"message\":\"No deployments available for selected model\"}}";
        String policy = write("less.yaml", "disabledRules: [gateway-cooling-down]");
        JsonNode asked = json(PenstockProcess.feed(body, "classify", "--status", "429", "--json"));
        JsonNode disabled =
                json(PenstockProcess.feed(body, "classify", "--status", "429", "--json", "--policy", policy));

        assertThat(asked.path("rule").asText()).isEqualTo("gateway-cooling-down");
        assertThat(disabled.path("rule").isNull()).as(disabled.toString()).isTrue();
        assertThat(disabled.path("rules_version")).isNotEqualTo(asked.path("rules_version"));
    }

    @Test
    void aRuleThatDoesNotWhatItsExampleSaysIsAWrongPolicy() throws Exception {
        String policy = write("wrong.yaml", POLICY.replace("budget 71 used", "budget 81 used"));
        PenstockProcess.Run run = PenstockProcess.feed("x", "classify", "--status", "500", "--policy", policy);

        assertThat(run.exitCode()).as(run.text()).isEqualTo(1);
        assertThat(run.text())
                .contains("rules[0] (partner-budget).examples.matches[0]", "partner budget 81 used up")
                .doesNotContain("\tat ", "Exception");
    }

    @Test
    void theTableOfReactionsIsPrintedWithoutAnyCapture() throws Exception {
        PenstockProcess.Run run = PenstockProcess.run("classify", "--table");

        assertThat(run.exitCode()).as(run.text()).isZero();
        assertThat(run.lines()).anyMatch(line -> line.startsWith("| `quota_exhausted` | rate_limited | account |"));
    }

    @Test
    void aTransportFailureNeedsNoCapture() throws Exception {
        JsonNode explained = json(PenstockProcess.run("classify", "--failure", "dns", "--json"));

        assertThat(explained.path("category").asText()).isEqualTo("network_error");
        assertThat(explained.path("phase").asText()).isEqualTo("connect");
    }

    static Stream<Arguments> misuses() {
        return Stream.of(
                misuse("--status 429", "classify"),
                misuse("from 100 to 599", "classify", "--status", "42"),
                misuse("bedrock", "classify", "--status", "500", "--dialect", "cohere"),
                misuse("connect_refused", "classify", "--failure", "meteor"),
                misuse("NAME: VALUE", "classify", "--status", "500", "-H", "nonsense"),
                misuse("does not exist", "classify", "no-such-file.txt", "--status", "500"),
                misuse("--tabel", "classify", "--tabel"));
    }

    private static Arguments misuse(String named, String... arguments) {
        return Arguments.of(named, List.of(arguments));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("misuses")
    void misuseIsTwoAndSaysWhatWouldBeRight(String named, List<String> arguments) throws Exception {
        PenstockProcess.Run run = PenstockProcess.feed("x", arguments.toArray(String[]::new));

        assertThat(run.exitCode()).as(run.text()).isEqualTo(2);
        assertThat(run.text()).contains(named).doesNotContain("\tat ", "Exception");
    }

    private String write(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content).toString();
    }

    private static JsonNode json(PenstockProcess.Run run) throws IOException {
        assertThat(run.exitCode()).as(run.text()).isZero();
        return new ObjectMapper().readTree(run.text());
    }
}

package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ClassifyCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String stdin, String... arguments) {
        ClassifyCommand command = new ClassifyCommand(new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)));
        return new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void explainsARawResponseFromStandardInput() {
        int code = run("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\n\r\n"
                + "{\"error\":{\"message\":\"Rate limit reached\",\"code\":\"rate_limit_exceeded\"}}");

        assertThat(code).isZero();
        assertThat(out.toString())
                .contains("category     rate_limit (fault: account)")
                .contains("error.code has rate_limit_exceeded")
                .contains("7000 ms, from retry-after");
    }

    @Test
    void explainsATranscriptFromAFile(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(
                dir.resolve("stream.sse"),
                "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{}}\n\n"
                        + "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
                        + "\"message\":\"Overloaded\"}}\n\n");

        assertThat(run("", file.toString(), "--dialect", "anthropic", "--json")).isZero();
        assertThat(out.toString()).contains("\"category\" : \"overloaded\"").contains("\"phase\" : \"pre_commit\"");
    }

    @Test
    void asksTheRulesOfThePolicyFile(@TempDir Path dir) throws IOException {
        Path policy = Files.writeString(dir.resolve("penstock.yaml"), """
                rules:
                  - {id: mine, pattern: budget used up, category: quota_exhausted}
                  - {id: watched, pattern: budget, category: rate_limit, shadow: true, order: 1}
                """);

        assertThat(run("budget used up", "--status", "500", "--policy", policy.toString()))
                .isZero();
        assertThat(out.toString())
                .contains("your rule mine matches error.message")
                .contains("shadow       watched");
    }

    @Test
    void aWrongPolicyIsOne(@TempDir Path dir) throws IOException {
        Path policy = Files.writeString(dir.resolve("penstock.yaml"), "rules: [{id: x}]");

        assertThat(run("x", "--status", "500", "--policy", policy.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("rules[0] (x).pattern");
    }

    @Test
    void explainsAFailureWithoutAnyCapture() {
        assertThat(run("", "--failure", "dns")).isZero();
        assertThat(out.toString()).contains("network_error").contains("phase        connect");
    }

    @Test
    void masksASecretThatTheProviderEchoes() {
        run("{\"error\":{\"message\":\"Incorrect API key provided: sk-abcdefghijklmnop1234\"}}", "--status", "401");

        assertThat(out.toString()).contains("auth_error").doesNotContain("abcdefghijklmnop");
    }

    @Test
    void misuseSaysWhatWouldBeRight() {
        assertThat(run("x")).isEqualTo(2);
        assertThat(run("x", "--status", "42")).isEqualTo(2);
        assertThat(run("x", "--status", "500", "--dialect", "cohere")).isEqualTo(2);
        assertThat(run("", "--failure", "meteor")).isEqualTo(2);
        assertThat(run("x", "--status", "500", "-H", "nonsense")).isEqualTo(2);
        assertThat(run("x", "no-such-file.txt", "--status", "500")).isEqualTo(2);
        assertThat(err.toString())
                .contains("--status 429")
                .contains("from 100 to 599")
                .contains("openai, anthropic, gemini, bedrock, ollama")
                .contains("connect_refused, dns")
                .contains("NAME: VALUE")
                .contains("no-such-file.txt does not exist");
    }

    @Test
    void printsTheTable() {
        assertThat(run("", "--table")).isZero();
        assertThat(out.toString()).contains("| `quota_exhausted` | rate_limited | account |");
    }
}

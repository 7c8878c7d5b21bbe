package io.penstock.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpHeaders;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientIdentityTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OpenAI/Python 1.109.1|OpenAI/Python",
                "AsyncOpenAI/Python 1.109.1|AsyncOpenAI/Python",
                "OpenAI/Java 4.1.0|OpenAI/Java",
                "OpenAI/JS 5.20.0|OpenAI/JS",
                "OpenAI/Go 2.7.0|OpenAI/Go",
                "Anthropic/JS 0.60.0|Anthropic/JS",
                "AsyncAnthropic/Python 0.68.0|AsyncAnthropic/Python",
                "claude-cli/1.0.119 (external, cli)|claude-cli",
                "codex_cli_rs/0.39.0 (Mac OS 15.6.1; arm64) iTerm.app/3.5.14|codex_cli_rs",
                "curl/8.5.0|curl",
                "curl|curl",
                "python-httpx/0.27.0|python-httpx",
                "python-requests/2.32.3|python-requests",
                "google-genai-sdk/1.38.0 gl-python/3.12.3|google-genai-sdk",
                "Go-http-client/1.1|Go-http-client",
                "Mozilla/5.0 (X11; Linux x86_64)|Mozilla",
                "openai-kotlin/v3.8.2 x|openai-kotlin",
                "'  curl/8.5.0 '|curl",
            })
    void namesTheFamilyOfAUserAgent(String agent, String family) {
        assertThat(family(agent)).isEqualTo(family);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "/1.0", "(compatible)", "\"quoted\"", "=x", "<script>", "\u4f60\u597d/1"})
    void takesNoOtherTextForAFamily(String agent) {
        assertThat(family(agent)).isEqualTo("unknown");
    }

    @Test
    void knowsNobodyWithoutAUserAgent() {
        assertThat(ClientIdentity.family(HttpHeaders.headers())).isEqualTo("unknown");
        assertThat(family("x".repeat(2_000))).isEqualTo("unknown");
    }

    @Property
    void keepsFamiliesShortAndPlain(@ForAll String agent) {
        assertThat(ClientIdentity.family(
                        io.vertx.core.MultiMap.caseInsensitiveMultiMap().add("user-agent", agent)))
                .matches("[A-Za-z0-9._/-]{1,61}");
    }

    @ParameterizedTest
    @CsvSource({
        "X-Claude-Code-Session-Id, 0199-abc",
        "session_id, s1",
        "session-id, s2",
        "x-session-id, s3",
        "x-conversation-id, a:b/c=="
    })
    void takesTheSessionFromTheHeadersOfKnownClients(String name, String value) {
        assertThat(ClientIdentity.session(HttpHeaders.headers().add(name, value)))
                .isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "tab\there", "\u4f60"})
    void takesNoUnprintableSession(String value) {
        assertThat(ClientIdentity.session(HttpHeaders.headers().add("x-session-id", value)))
                .isNull();
    }

    @Test
    void takesNoEndlessSession() {
        assertThat(ClientIdentity.session(HttpHeaders.headers().add("x-session-id", "x".repeat(129))))
                .isNull();
        assertThat(ClientIdentity.session(HttpHeaders.headers())).isNull();
    }

    @Test
    void prefersTheHeaderThatSaysMost() {
        assertThat(ClientIdentity.session(
                        HttpHeaders.headers().add("x-session-id", "generic").add("x-claude-code-session-id", "claude")))
                .isEqualTo("claude");
    }

    private static String family(String agent) {
        return ClientIdentity.family(HttpHeaders.headers().add("user-agent", agent));
    }
}

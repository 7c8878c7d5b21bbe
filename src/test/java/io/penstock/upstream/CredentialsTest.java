package io.penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.dialect.Dialect;
import io.penstock.policy.UpstreamPolicy.CredentialsPolicy;
import io.penstock.policy.UpstreamPolicy.SecretRef;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
    private final Path dir;

    CredentialsTest(@TempDir Path dir) {
        this.dir = dir;
    }

    @Test
    void takesEveryCredentialOffARequestAndNothingElse() {
        MultiMap headers = HttpHeaders.headers()
                .add("Authorization", "Bearer a")
                .add("authorization", "Bearer b")
                .add("X-Api-Key", "c")
                .add("api-key", "d")
                .add("x-goog-api-key", "e")
                .add("Proxy-Authorization", "f")
                .add("Cookie", "g")
                .add("anthropic-version", "2023-06-01")
                .add("accept", "*/*");

        Credentials.strip(headers);

        assertThat(headers.names()).containsExactlyInAnyOrder("anthropic-version", "accept");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1beta/models, /v1beta/models",
        "/v1beta/models?key=AIza, /v1beta/models",
        "/v1beta/models?key=AIza&alt=sse, /v1beta/models?alt=sse",
        "/v1beta/models?alt=sse&key=AIza, /v1beta/models?alt=sse",
        "/v1beta/models?alt=sse&key=AIza&key=b&x=1, /v1beta/models?alt=sse&x=1",
        "/v1beta/models?key, /v1beta/models",
        "/v1beta/models?%6Bey=AIza&k%65%79=b, /v1beta/models",
        "/v1beta/models?keys=1&monkey=2&KEY=3, /v1beta/models?keys=1&monkey=2&KEY=3",
        "/v1beta/models?a=1&&b=%zz, /v1beta/models?a=1&&b=%zz",
        "/v1beta/models?%zz=1, /v1beta/models?%zz=1",
        "/v1beta/models?, /v1beta/models?",
    })
    void takesTheKeyOutOfAGeminiQuery(String uri, String stripped) {
        assertThat(Credentials.strip(Dialect.GEMINI, uri)).isEqualTo(stripped);
    }

    @Test
    void leavesTheQueriesOfOtherDialectsAlone() {
        assertThat(Credentials.strip(Dialect.OPENAI, "/v1/files?key=1")).isEqualTo("/v1/files?key=1");
    }

    @Test
    void readsKeysFromTheEnvironmentAndFromFilesInOrder() throws IOException {
        Path file = Files.writeString(dir.resolve("key"), "  sk-0123456789-from-a-file\n");
        String variable = System.getenv().entrySet().stream()
                .filter(entry -> entry.getValue().length() >= 16
                        && entry.getValue().chars().allMatch(c -> c > ' ' && c < 0x7f))
                .map(java.util.Map.Entry::getKey)
                .findFirst()
                .orElseThrow();

        List<StoredKey> keys = new KeySources(
                        "primary",
                        new CredentialsPolicy.Keys(List.of(new SecretRef.File(file), new SecretRef.Env(variable))))
                .keys();

        assertThat(keys)
                .extracting(stored -> stored.key().hint())
                .containsExactly("sk-0…file", new ApiKey(System.getenv(variable)).hint());
    }

    @Test
    void saysWhichVariableIsNotSet() {
        assertThatThrownBy(() -> read(new SecretRef.Env("PENSTOCK_TEST_NOT_SET")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PENSTOCK_TEST_NOT_SET");
    }

    @Test
    void saysWhichFileCannotBeRead() {
        assertThatThrownBy(() -> read(new SecretRef.File(dir.resolve("missing"))))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n", "sk-first\nsk-second", "sk-\u0000nul", "sk-with space", "sk-ümlaut"})
    void refusesWhatNoHeaderCanCarryWithoutRepeatingIt(String content) throws IOException {
        Path file = Files.writeString(dir.resolve("broken"), content);

        assertThatThrownBy(() -> read(new SecretRef.File(file)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(file.toString())
                .message()
                .doesNotContain("sk-");
    }

    private static void read(SecretRef ref) {
        Credentials.read(ref);
    }
}

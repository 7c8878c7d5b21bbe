package io.penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.dialect.Dialect;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.net.URI;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NumericChars;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiKeyTest {
    private static final String SECRET = "sk-proj-0123456789abcdefwxyz";

    @ParameterizedTest
    @CsvSource({
        "sk-proj-0123456789abcdefwxyz, sk-p…wxyz",
        "0123456789abcdef, 0123…cdef",
        "0123456789abcde, …",
        "'', …",
    })
    void hints(String secret, String hint) {
        assertThat(new ApiKey(secret).hint()).isEqualTo(hint);
        assertThat(new ApiKey(secret)).hasToString(hint);
    }

    @Property
    void neverShowsMoreThanEightCharactersNorHalfOfTheKey(@ForAll @AlphaChars @NumericChars String secret) {
        int shown = new ApiKey(secret).toString().replace("…", "").length();

        assertThat(shown).isLessThanOrEqualTo(8).isLessThanOrEqualTo(secret.length() / 2);
    }

    @ParameterizedTest
    @CsvSource({
        "OPENAI, https://api.openai.com, authorization, 'Bearer sk-proj-0123456789abcdefwxyz'",
        "OLLAMA, http://localhost:11434, authorization, 'Bearer sk-proj-0123456789abcdefwxyz'",
        "ANTHROPIC, https://api.anthropic.com, x-api-key, sk-proj-0123456789abcdefwxyz",
        "GEMINI, https://generativelanguage.googleapis.com, x-goog-api-key, sk-proj-0123456789abcdefwxyz",
        "OPENAI, https://west.openai.azure.com, api-key, sk-proj-0123456789abcdefwxyz",
        "OPENAI, https://west.cognitiveservices.azure.com/x, api-key, sk-proj-0123456789abcdefwxyz",
        "OPENAI, https://openai.azure.com.evil.example, authorization, 'Bearer sk-proj-0123456789abcdefwxyz'",
    })
    void goesWhereTheProviderExpectsIt(Dialect dialect, URI url, String header, String value) {
        MultiMap headers = HttpHeaders.headers();

        new ApiKey(SECRET).applyTo(headers, dialect, url);

        assertThat(headers.names()).containsExactly(header);
        assertThat(headers.getAll(header)).containsExactly(value);
    }
}

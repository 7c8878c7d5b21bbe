package io.penstock.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorEnvelopeTest {

    @Test
    void speaksEachDialect() {
        assertThat(render(Dialect.OPENAI, 413, "request_too_large", "Too \"big\""))
                .isEqualTo(
                        "{\"error\":{\"message\":\"Too \\\"big\\\"\",\"type\":\"invalid_request_error\",\"param\":null,"
                                + "\"code\":\"request_too_large\"}}");
        assertThat(render(Dialect.ANTHROPIC, 413, "request_too_large", "m"))
                .isEqualTo("{\"type\":\"error\",\"error\":{\"type\":\"request_too_large\",\"message\":\"m\"}}");
        assertThat(render(Dialect.GEMINI, 503, "circuit_open", "m"))
                .isEqualTo("{\"error\":{\"code\":503,\"message\":\"m\",\"status\":\"UNAVAILABLE\"}}");
        assertThat(render(Dialect.BEDROCK, 503, "circuit_open", "m")).isEqualTo("{\"message\":\"m\"}");
        assertThat(render(Dialect.OLLAMA, 503, "circuit_open", "m")).isEqualTo("{\"error\":\"m\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "400,invalid_request_error,invalid_request_error,INVALID_ARGUMENT",
        "401,authentication_error,authentication_error,UNAUTHENTICATED",
        "402,invalid_request_error,billing_error,FAILED_PRECONDITION",
        "403,permission_error,permission_error,PERMISSION_DENIED",
        "404,invalid_request_error,not_found_error,NOT_FOUND",
        "413,invalid_request_error,request_too_large,INVALID_ARGUMENT",
        "426,invalid_request_error,invalid_request_error,FAILED_PRECONDITION",
        "429,rate_limit_error,rate_limit_error,RESOURCE_EXHAUSTED",
        "500,server_error,api_error,INTERNAL",
        "502,server_error,api_error,INTERNAL",
        "503,server_error,overloaded_error,UNAVAILABLE",
        "504,server_error,timeout_error,DEADLINE_EXCEEDED",
        "529,server_error,overloaded_error,UNAVAILABLE"
    })
    void usesTheVendorsOwnNameForAStatus(int status, String openAi, String anthropic, String google) {
        assertThat(render(Dialect.OPENAI, status, "c", "m")).contains("\"type\":\"" + openAi + "\"");
        assertThat(render(Dialect.ANTHROPIC, status, "c", "m")).contains("{\"type\":\"" + anthropic + "\"");
        assertThat(render(Dialect.GEMINI, status, "c", "m")).contains("\"status\":\"" + google + "\"");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void isReadBackAsTheErrorItIs(Dialect dialect) {
        ProviderError error = ErrorBodyReader.read(
                ErrorEnvelope.render(dialect, 503, "no_upstream", "Nobody is \u0001 left: ünïcode"),
                "application/json");
        assertThat(error.kind()).isEqualTo(ProviderError.Kind.STRUCTURED);
        assertThat(error.message()).isEqualTo("Nobody is \u0001 left: ünïcode");
    }

    private static String render(Dialect dialect, int status, String code, String message) {
        return new String(ErrorEnvelope.render(dialect, status, code, message), StandardCharsets.UTF_8);
    }
}

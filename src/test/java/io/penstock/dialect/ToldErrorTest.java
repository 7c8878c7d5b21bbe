package io.penstock.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors told inside an answer, as bodies of error answers. */
class ToldErrorTest {

    private static ProviderError read(String body) {
        return ErrorBodyReader.read(body.getBytes(UTF_8), "application/json");
    }

    private static String body(Dialect dialect, String told) {
        return new String(ToldError.body(dialect, 503, "overloaded", read(told)), UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ \"error\" : {\"message\":\"é\", \"odd\": [1, {}]} }",
                "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"},\"request_id\":\"r\"}",
                "{\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\",\"details\":[]}}"
            })
    void keepsTheProvidersBytesWhereTheyAreAnEnvelope(String told) {
        assertThat(body(Dialect.OPENAI, told)).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OPENAI|{\"error\":{\"message\":\"Busy.\",\"type\":\"server_error\",\"param\":null,\"code\":\"is_busy\"}}",
                "ANTHROPIC|{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Busy.\"}}",
                "GEMINI|{\"error\":{\"code\":503,\"message\":\"Busy.\",\"status\":\"UNAVAILABLE\"}}"
            })
    void putsTheProvidersWordsIntoTheDialectsEnvelope(Dialect dialect, String wanted) {
        ProviderError told = new ProviderError(
                ProviderError.Kind.STRUCTURED, "is_busy", null, null, null, "Busy.", List.of(), "{\"code\":1}");

        assertThat(new String(ToldError.body(dialect, 503, "overloaded", told), UTF_8))
                .isEqualTo(wanted);
    }

    @Test
    void keepsNothingThatWasCut() {
        String told = "{\"error\":{\"message\":\"Busy.\"},\"x\":\"" + "y".repeat(ProviderError.MAX_BODY) + "\"}";

        assertThat(body(Dialect.OPENAI, told))
                .isEqualTo(
                        "{\"error\":{\"message\":\"Busy.\",\"type\":\"server_error\",\"param\":null,\"code\":\"overloaded\"}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"error\":{\"code\":\"content_filter\"}}|true",
                "{\"type\":\"error\",\"message\":\"x\"}|true",
                "{\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"x\"}}}|true",
                "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}|false",
                "{\"choices\":[{\"finish_reason\":\"content_filter\"}]}|false"
            })
    void tellsAnErrorFromARefusal(String told, boolean isError) {
        assertThat(ToldError.isTold(read(told))).isEqualTo(isError);
    }
}

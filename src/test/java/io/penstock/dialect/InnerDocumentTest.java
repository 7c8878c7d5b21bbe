package io.penstock.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The error of the provider behind a gateway, inside the gateway's sentence. */
class InnerDocumentTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"code\":\"c\",\"message\":\"it's full\"}}",
                " {'error': {'code': 'c', 'message': \"it's full\", 'param': None, 'ok': True}}",
                "Error code: 429 - {'error': {'code': 'c', 'message': 'it\\'s full'}}",
                "litellm.RateLimitError: RateLimitError: OpenAIException - {\"error\":{\"code\":\"c\",\"message\":\"it's full\"}}",
                "litellm.BadRequestError: AnthropicException - b'{\"error\":{\"code\":\"c\",\"message\":\"it\\'s full\"}}'. Received Model Group=x",
                "API Error: 429 {\"error\":{\"code\":\"c\",\"message\":\"it's full\"}}\nAvailable Model Group Fallbacks=None",
                "[{'error': {'code': 'c', 'message': \"it\\x27s full\"}}]"
            })
    void readsTheDocumentOfTheProviderBehind(String message) {
        ProviderError error = read(message);

        assertThat(error.reasons()).contains("c");
        assertThat(error.message()).isEqualTo("it's full");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Invalid value: {\"error\":{\"code\":\"insufficient_quota\"}}",
                "You sent 'OpenAIException - {\"error\":{\"code\":\"insufficient_quota\"}}'",
                "The prompt FooError - {'error': {'code': 'insufficient_quota'}} is too long",
                "Error code: many - {\"error\":{\"code\":\"insufficient_quota\"}}",
                "no document at all",
                "{"
            })
    void takesADocumentAfterOtherWordsForTheCallers(String message) {
        assertThat(read(message).reasons()).doesNotContain("insufficient_quota");
        assertThat(read(message).message()).isEqualTo(message);
    }

    @Test
    void namesTheExceptionsThatLiteLlmBeginsWith() {
        assertThat(InnerDocument.exceptions(
                        "litellm.BadRequestError: litellm.ContextWindowExceededError: AnthropicError - prompt"))
                .containsExactly("BadRequestError", "ContextWindowExceededError");
        assertThat(InnerDocument.exceptions("OverloadedError: said the caller")).isEmpty();
    }

    @Test
    void readsNoDeeperThanItsBound() {
        String message = "{\"error\":{\"code\":\"deep\"}}";
        for (int i = 0; i < 6; i++) {
            message = new ObjectMapper()
                    .createObjectNode()
                    .set("error", new ObjectMapper().createObjectNode().put("message", message))
                    .toString();
        }

        ProviderError error = ErrorBodyReader.read(message.getBytes(UTF_8), null);

        assertThat(error.reasons()).doesNotContain("deep");
        assertThat(error.message()).isNotNull();
    }

    @Property(tries = 500)
    void neverThrows(@ForAll String text) {
        for (String message :
                new String[] {text, "litellm.FooError: " + text, "Error code: 400 - {'" + text, "b'{" + text}) {
            assertThat(read(message)).isNotNull();
        }
    }

    private static ProviderError read(String message) {
        String body = new ObjectMapper()
                .createObjectNode()
                .set("error", new ObjectMapper().createObjectNode().put("message", message))
                .toString();
        return ErrorBodyReader.read(body.getBytes(UTF_8), "application/json");
    }
}

package io.penstock.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.dialect.ProviderError.Kind;
import io.penstock.dialect.ProviderError.Wait;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The error shapes of gateways, and of providers that have a shape of their own. */
class GatewayErrorsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<?xml version=\"1.0\"?><ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate &amp; more</Message></Error></ErrorResponse> | Throttling | Rate & more",
                "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error> | AccessDenied | Access Denied"
            })
    void readsAwsXml(String xml, String code, String message) {
        ProviderError error = ErrorBodyReader.read(xml.getBytes(UTF_8), "application/xml");

        assertThat(error.kind()).isEqualTo(Kind.STRUCTURED);
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.message()).isEqualTo(message);
    }

    @Test
    void takesTheNameOfAnEmptyElementForTheException() {
        assertThat(read("<UnknownOperationException/>\n").type()).isEqualTo("UnknownOperationException");
        assertThat(read("<AccessDeniedException>\n  <Message>Unable</Message>\n</AccessDeniedException>")
                        .type())
                .isEqualTo("AccessDeniedException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<", "<?", "<?xml", "<!DOCTYPE x [<!ENTITY a \"b\">]>", "<a><Code>x", "<>"})
    void findsNoErrorInOtherMarkup(String xml) {
        assertThat(read(xml).kind()).isIn(Kind.TEXT, Kind.HTML);
    }

    @Test
    void keepsMiniMaxNumbersApartFromOthers() {
        ProviderError error = read("{\"base_resp\":{\"status_code\":1002,\"status_msg\":\"rate limit\"}}");

        assertThat(error.code()).isEqualTo("base_resp.1002");
        assertThat(error.message()).isEqualTo("rate limit");
        assertThat(inBand("{\"base_resp\":{\"status_code\":0,\"status_msg\":\"\"}}"))
                .isNull();
        assertThat(Objects.requireNonNull(inBand("{\"base_resp\":{\"status_code\":1008,\"status_msg\":\"m\"}}"))
                        .code())
                .isEqualTo("base_resp.1008");
    }

    @Test
    void readsBaidusNumbersApigeesFaultAndAwsFrontDoor() {
        assertThat(read("{\"error_code\":18,\"error_msg\":\"Open api qps request limit reached\"}")
                        .code())
                .isEqualTo("error_code.18");
        ProviderError fault = read(
                "{\"fault\":{\"faultstring\":\"Rate limit\",\"detail\":{\"errorcode\":\"policies.ratelimit.QuotaViolation\"}}}");
        assertThat(fault.message()).isEqualTo("Rate limit");
        assertThat(fault.reasons()).contains("policies.ratelimit.QuotaViolation");
        assertThat(
                        read("{\"Output\":{\"__type\":\"a.b#UnknownOperationException\",\"message\":null},\"Version\":\"1.0\"}")
                                .type())
                .isEqualTo("UnknownOperationException");
        assertThat(read("{\"Message\":\"User is not authorized\"}").message()).isEqualTo("User is not authorized");
    }

    @Test
    void readsAProblem() {
        ProviderError problem = read(
                "{\"type\":\"urn:nvcf:problem-details:bad-request\",\"title\":\"Bad Request\",\"status\":400,\"detail\":\"Inference error\"}");

        assertThat(problem.type()).isEqualTo("bad-request");
        assertThat(problem.status()).isEqualTo("400");
        assertThat(problem.message()).isEqualTo("Inference error");
        assertThat(read("{\"type\":\"https://example.com/probs/out-of-credit\",\"title\":\"No credit\"}")
                        .type())
                .isEqualTo("out-of-credit");
    }

    @Test
    void collectsWhatSaysWhenToAskAgain() {
        assertThat(read("""
                {"error":{"code":429,"retry_after":2,"details":[
                  {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34s"},
                  {"reason":"RATE_LIMIT_EXCEEDED","metadata":{"quotaResetDelay":"373.8ms"}}],
                 "metadata":{"headers":{"X-RateLimit-Reset":"1777420800000","Content-Type":"x"}}}}""").waits())
                .containsExactly(
                        new Wait("retry_after", "2"),
                        new Wait("retryDelay", "34s"),
                        new Wait("quotaResetDelay", "373.8ms"),
                        new Wait("x-ratelimit-reset", "1777420800000"));
    }

    @Test
    void passesOverAWaitThatIsNone() {
        assertThat(read("{\"error\":{\"code\":429,\"retry_after\":\"" + "9".repeat(65) + "\"}}")
                        .waits())
                .isEmpty();
        assertThat(read("{\"error\":{\"code\":429,\"retry_after\":{\"prompt\":\"5\"}}}")
                        .waits())
                .isEmpty();
    }

    private static ProviderError read(String body) {
        return ErrorBodyReader.read(body.getBytes(UTF_8), null);
    }

    private static @Nullable ProviderError inBand(String body) {
        byte[] bytes = body.getBytes(UTF_8);
        return ErrorBodyReader.fromJson(bytes, 0, bytes.length);
    }
}

package io.penstock.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.dialect.ProviderError.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorBodyReaderTest {

    @Test
    void readsOpenAisObject() {
        ProviderError error = read("""
                {"error":{"message":"Too low","type":"invalid_request_error","param":"max_tokens","code":"integer_below_min_value"}}""");
        assertThat(error.kind()).isEqualTo(Kind.STRUCTURED);
        assertThat(error.code()).isEqualTo("integer_below_min_value");
        assertThat(error.type()).isEqualTo("invalid_request_error");
        assertThat(error.param()).isEqualTo("max_tokens");
        assertThat(error.message()).isEqualTo("Too low");
    }

    @Test
    void readsAnthropicsTypeFromInside() {
        ProviderError error =
                read("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}");
        assertThat(error.type()).isEqualTo("overloaded_error");
        assertThat(error.message()).isEqualTo("Overloaded");
    }

    @Test
    void readsGooglesStatusReasonsAndQuotasEvenInAnArray() {
        ProviderError error = read("""
                [{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[
                  {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RATE_LIMIT_EXCEEDED"},
                  {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"PerDayPerModel"}]}]}}]""");
        assertThat(error.code()).isEqualTo("429");
        assertThat(error.status()).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(error.reasons())
                .containsExactly("RATE_LIMIT_EXCEEDED", "ErrorInfo", "QuotaFailure", "PerDayPerModel");
    }

    @Test
    void readsAFlatBodyWithANumericCode() {
        ProviderError error = read(
                "{\"object\":\"error\",\"message\":\"no such model\",\"type\":\"NotFoundError\",\"param\":null,\"code\":404}");
        assertThat(error.code()).isEqualTo("404");
        assertThat(error.type()).isEqualTo("NotFoundError");
        assertThat(error.param()).isNull();
        assertThat(error.message()).isEqualTo("no such model");
    }

    @Test
    void readsAStringForAnErrorAndTheCodeBesideIt() {
        assertThat(read("{\"error\":\"model 'x' not found\"}").message()).isEqualTo("model 'x' not found");
        ProviderError xai = read("{\"code\":\"exhausted\",\"error\":\"no credits\"}");
        assertThat(xai.code()).isEqualTo("exhausted");
        assertThat(xai.message()).isEqualTo("no credits");
    }

    @Test
    void takesTheStringForALabelWhereTheSentenceStandsBesideIt() {
        ProviderError error =
                read("{\"status\":404,\"error\":\"Not Found\",\"message\":\"No route\",\"path\":\"/v1\"}");
        assertThat(error.type()).isEqualTo("Not Found");
        assertThat(error.status()).isEqualTo("404");
        assertThat(error.message()).isEqualTo("No route");
    }

    @Test
    void readsAListOfErrorsAndABareString() {
        assertThat(read("{\"success\":false,\"errors\":[{\"code\":7009,\"message\":\"Upstream\"}]}")
                        .code())
                .isEqualTo("7009");
        assertThat(read("{\"error\":[{\"code\":\"c\",\"message\":\"m\"}]}").message())
                .isEqualTo("m");
        assertThat(read("\"Tokens per minute limit exceeded\"").message())
                .isEqualTo("Tokens per minute limit exceeded");
    }

    @Test
    void readsFastApisDetailAndNotTheInputItRepeats() {
        ProviderError error = read("""
                {"detail":[{"loc":["body","temperature"],"msg":"Input should be less than 2","type":"less_than","input":"429 overloaded"}]}""");
        assertThat(error.message()).isEqualTo("body.temperature: Input should be less than 2");
        assertThat(error.param()).isEqualTo("body.temperature");
        assertThat(read("{\"detail\":\"Not Found\"}").message()).isEqualTo("Not Found");
    }

    @Test
    void readsAMessageThatIsAnObject() {
        ProviderError error = read(
                "{\"object\":\"error\",\"message\":{\"detail\":[{\"loc\":[\"body\",\"n\"],\"msg\":\"too big\"}]},\"type\":\"invalid_request_error\"}");
        assertThat(error.message()).isEqualTo("body.n: too big");
        assertThat(error.type()).isEqualTo("invalid_request_error");
    }

    @Test
    void looksInsideAMessageThatIsJson() {
        ProviderError error = read("""
                {"error":{"code":400,"message":"{\\"error\\":{\\"code\\":\\"insufficient_quota\\",\\"message\\":\\"no money\\"}}"}}""");
        assertThat(error.code()).isEqualTo("400");
        assertThat(error.reasons()).containsExactly("insufficient_quota");
        assertThat(error.message()).isEqualTo("no money");
    }

    @Test
    void readsWhatOpenRouterAddsAboutTheProvider() {
        ProviderError error = read("""
                {"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"limited upstream",
                 "provider_error_code":"engine_overloaded","limit_source":"upstream_provider_shared_pool","error_type":"rate_limit_exceeded"}}}""");
        assertThat(error.reasons())
                .containsExactly("upstream_provider_shared_pool", "rate_limit_exceeded", "engine_overloaded");
        assertThat(error.message()).isEqualTo("Provider returned error: limited upstream");
    }

    @Test
    void readsBedrocksNames() {
        assertThat(read("{\"__type\":\"com.amazon.coral.service#ThrottlingException\",\"message\":\"m\"}")
                        .type())
                .isEqualTo("ThrottlingException");
        ProviderError member = read("{\"throttlingException\":{\"message\":\"Too many tokens\"}}");
        assertThat(member.type()).isEqualTo("throttlingException");
        assertThat(member.message()).isEqualTo("Too many tokens");
    }

    @Test
    void takesTheWordNoneForNothing() {
        ProviderError error =
                read("{\"error\":{\"message\":\"m\",\"type\":\"None\",\"param\":\"None\",\"code\":\"429\"}}");
        assertThat(error.type()).isNull();
        assertThat(error.param()).isNull();
    }

    @Test
    void readsEventsAndLines() {
        assertThat(read("event: error\ndata: {\"error\":{\"code\":\"c\"}}\n\n").code())
                .isEqualTo("c");
        assertThat(read("""
                                data:{"type":"response.created","response":{"error":null}}

                                data:{"type":"error","code":"rate_limit_exceeded","message":"m"}

                                """).code()).isEqualTo("rate_limit_exceeded");
        assertThat(read("{\"error\":\"first line\"}\n{\"done\":true}\n").message())
                .isEqualTo("first line");
    }

    @Test
    void tellsTheSortOfABodyThatIsNoJson() {
        assertThat(ErrorBodyReader.read(new byte[0], null)).isEqualTo(ProviderError.ABSENT);
        assertThat(read(" \r\n")).isEqualTo(ProviderError.ABSENT);
        assertThat(read("Service Unavailable").kind()).isEqualTo(Kind.TEXT);
        assertThat(read("{not json").kind()).isEqualTo(Kind.TEXT);
        assertThat(read("{\"id\":1}").kind()).isEqualTo(Kind.JSON);
        ProviderError page = read("<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>");
        assertThat(page.kind()).isEqualTo(Kind.HTML);
        assertThat(page.message()).isEqualTo("502 Bad Gateway");
        assertThat(ErrorBodyReader.read(bytes("oops"), "text/html; charset=utf-8")
                        .kind())
                .isEqualTo(Kind.HTML);
    }

    @Test
    void keepsWhatStandsBeforeACut() {
        ProviderError error = read("{\"error\":{\"code\":\"c\",\"message\":\"You exceeded your \\u00");
        assertThat(error.code()).isEqualTo("c");
        assertThat(error.message()).isEqualTo("You exceeded your");
    }

    @Test
    void readsNoFurtherThanItsBounds() {
        ProviderError error =
                read("{\"error\":{\"code\":\"" + "c".repeat(5000) + "\",\"message\":\"" + "m".repeat(70_000) + "\"}}");
        assertThat(Objects.requireNonNull(error.code())).hasSize(256);
        assertThat(Objects.requireNonNull(error.message())).hasSize(16 * 1024);
        assertThat(read("[".repeat(50_000) + "1").kind()).isNotNull();
        assertThat(read("{\"error\":".repeat(6_000)).kind()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":null,\"id\":\"x\"}",
                "{\"error\":{}}",
                "{\"error\":{\"code\":null,\"message\":null}}",
                "{\"error\":false,\"message\":\"hello\"}",
                "{\"type\":\"response.completed\",\"response\":{\"error\":null,\"output\":[]}}",
                "{\"choices\":[{\"delta\":{\"content\":\"{\\\"error\\\":{\\\"code\\\":429}}\"}}]}",
                "{\"choices\":[{\"message\":{\"content\":\"x\"}}],\"message\":\"\\\"error\\\"\"}",
                "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"candidates\":[{}]}",
                "[{\"candidates\":[{\"content\":{}}]}]",
                "\"error\"",
                "[DONE]",
                ""
            })
    void findsNoErrorInAGoodAnswer(String json) {
        assertThat(find(json)).isNull();
    }

    @Test
    void findsTheErrorInsideAnAnswer() {
        assertThat(found("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}")
                        .type())
                .isEqualTo("overloaded_error");
        assertThat(found("{\"type\":\"error\",\"code\":\"rate_limit_exceeded\",\"message\":\"m\"}")
                        .code())
                .isEqualTo("rate_limit_exceeded");
        assertThat(found(
                                "{\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"slow_down\",\"message\":\"m\"}}}")
                        .code())
                .isEqualTo("slow_down");
        assertThat(found("{\"id\":\"c\",\"choices\":[{\"finish_reason\":\"error\",\"error\":{\"code\":502}}]}")
                        .code())
                .isEqualTo("502");
        assertThat(found("[{\"error\":{\"status\":\"UNAVAILABLE\"}}]").status()).isEqualTo("UNAVAILABLE");
        assertThat(found("{\"error\":\"server busy\"}").message()).isEqualTo("server busy");
        assertThat(found("{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}").code())
                .isEqualTo("SAFETY");
        assertThat(found("{\"modelStreamErrorException\":{\"message\":\"m\"}}").type())
                .isEqualTo("modelStreamErrorException");
    }

    @Test
    void findsTheErrorInAPartOfAnArray() {
        byte[] bytes = bytes("xx{\"error\":\"e\"}yy");
        assertThat(Objects.requireNonNull(ErrorBodyReader.fromJson(bytes, 2, bytes.length - 4))
                        .message())
                .isEqualTo("e");
    }

    private static ProviderError found(String json) {
        return Objects.requireNonNull(find(json));
    }

    private static @Nullable ProviderError find(String json) {
        byte[] bytes = bytes(json);
        return ErrorBodyReader.fromJson(bytes, 0, bytes.length);
    }

    private static ProviderError read(String body) {
        return ErrorBodyReader.read(bytes(body), "application/json");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

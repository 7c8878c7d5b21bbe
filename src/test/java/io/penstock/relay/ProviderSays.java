package io.penstock.relay;

import io.penstock.classify.Category;
import io.penstock.dialect.Dialect;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a provider says when it fails, in its own envelope: for each API a line for every category that an answer can cause.
 *
 * @param status the HTTP status that it sends with it, where it has not begun a good answer already
 * @param error the members of its {@code error} object
 */
record ProviderSays(Category category, int status, String message, String error) {

    /** category | status | type | code (or none) | message */
    private static final String OPENAI = """
            prompt_limit      | 400 | invalid_request_error | prompt_too_long           | Your prompt does not fit.
            input_limit       | 400 | invalid_request_error | string_above_max_length   | Invalid 'input': string too long.
            context_limit     | 400 | invalid_request_error | context_length_exceeded   | This model's maximum context length is 128000 tokens.
            token_limit       | 400 | invalid_request_error | none                      | max_tokens is too large: 100000. This model supports at most 16384 completion tokens.
            pdf_limit         | 400 | invalid_request_error | none                      | PDF has too many pages
            media_limit       | 400 | invalid_request_error | image_too_large           | The image is larger than 20 MB.
            cache_limit       | 400 | invalid_request_error | none                      | A maximum of 4 blocks with cache_control may be provided. Found 5.
            validation_error  | 400 | invalid_request_error | invalid_json_schema       | Invalid schema for response_format.
            parameter_error   | 400 | invalid_request_error | unsupported_value         | Unsupported value: 'temperature' does not support 0.2 with this model.
            invalid_request   | 400 | invalid_request_error | none                      | We could not parse the JSON body of your request.
            thinking_error    | 400 | invalid_request_error | none                      | Reasoning is not supported by this model
            model_error       | 400 | invalid_request_error | none                      | you must provide a model parameter
            store_error       | 400 | invalid_request_error | previous_response_not_found | Previous response with id 'resp_1' not found.
            content_filter    | 400 | invalid_request_error | content_policy_violation  | Your request was rejected as a result of our safety system.
            model_not_found   | 404 | invalid_request_error | model_not_found           | The model `gpt-9` does not exist or you do not have access to it.
            request_too_large | 413 | invalid_request_error | request_too_large         | Request Entity Too Large
            auth_error        | 401 | authentication_error  | invalid_api_key           | Incorrect API key provided: sk-***.
            quota_exhausted   | 429 | insufficient_quota    | insufficient_quota        | You exceeded your current quota, please check your plan and billing details.
            rate_limit        | 429 | requests              | rate_limit_exceeded       | Rate limit reached for gpt-5 on requests per min (RPM).
            overloaded        | 503 | server_error          | server_is_overloaded      | Our servers are currently overloaded.
            service_error     | 500 | server_error          | none                      | The server had an error while processing your request.
            upstream_timeout  | 504 | server_error          | gateway_timeout           | The model took too long.
            unknown           | 409 | conflict_error        | none                      | Please look at the console.
            """;

    /** category | status | type | message */
    private static final String ANTHROPIC = """
            prompt_limit      | 400 | invalid_request_error | prompt is too long: 205429 tokens > 200000 maximum
            input_limit       | 400 | invalid_request_error | Input is too long for requested model.
            context_limit     | 400 | invalid_request_error | input length and `max_tokens` exceed context limit: 179413 + 32768 > 200000
            token_limit       | 400 | invalid_request_error | max_tokens: 999999 > 64000, which is the maximum allowed number of output tokens for claude-sonnet-4
            pdf_limit         | 400 | invalid_request_error | A maximum of 100 PDF pages may be provided.
            media_limit       | 400 | invalid_request_error | messages.0.content.1.image.source.base64: image exceeds 5 MB maximum: 6291456 bytes > 5242880 bytes
            cache_limit       | 400 | invalid_request_error | A maximum of 4 blocks with cache_control may be provided. Found 6.
            validation_error  | 400 | invalid_request_error | messages: roles must alternate between "user" and "assistant"
            parameter_error   | 400 | invalid_request_error | metadata.foo: Extra inputs are not permitted
            invalid_request   | 400 | invalid_request_error | There was an issue with the format of your request.
            thinking_error    | 400 | invalid_request_error | messages.1.content.0: Invalid `signature` in `thinking` block
            model_error       | 400 | invalid_request_error | model is required
            store_error       | 400 | invalid_request_error | Conversation with id conv_1 not found.
            content_filter    | 400 | invalid_request_error | Output blocked by content filtering policy
            model_not_found   | 404 | not_found_error       | model: claude-9-opus
            request_too_large | 413 | request_too_large     | Request exceeds the maximum size
            auth_error        | 401 | authentication_error  | invalid x-api-key
            quota_exhausted   | 400 | invalid_request_error | Your credit balance is too low to access the Anthropic API.
            rate_limit        | 429 | rate_limit_error      | This request would exceed your organization's rate limit of 80,000 input tokens per minute.
            overloaded        | 529 | overloaded_error      | Overloaded
            service_error     | 500 | api_error             | Internal server error
            upstream_timeout  | 504 | timeout_error         | The request timed out while processing.
            unknown           | 409 | conflict_error        | The request conflicts with the current state of a resource.
            """;

    /** category | status | its word | message */
    private static final String GEMINI = """
            prompt_limit      | 400 | INVALID_ARGUMENT    | The prompt is too long.
            input_limit       | 400 | INVALID_ARGUMENT    | Input is too long for requested model.
            context_limit     | 400 | INVALID_ARGUMENT    | The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).
            token_limit       | 400 | INVALID_ARGUMENT    | max_output_tokens must be less than 65537.
            pdf_limit         | 400 | INVALID_ARGUMENT    | PDF has too many pages
            media_limit       | 400 | INVALID_ARGUMENT    | Too many images: 5000.
            cache_limit       | 400 | INVALID_ARGUMENT    | A maximum of 4 blocks with cache_control may be provided. Found 5.
            validation_error  | 400 | INVALID_ARGUMENT    | Messages must not be empty.
            parameter_error   | 400 | INVALID_ARGUMENT    | Temperature must be between 0 and 2.
            invalid_request   | 400 | INVALID_ARGUMENT    | Invalid JSON payload received. Unable to parse JSON.
            thinking_error    | 400 | INVALID_ARGUMENT    | Reasoning is not supported by this model
            model_error       | 400 | INVALID_ARGUMENT    | model is required
            store_error       | 404 | NOT_FOUND           | Item with id i-1 not found.
            content_filter    | 400 | INVALID_ARGUMENT    | The prompt was blocked by our safety filters.
            model_not_found   | 404 | NOT_FOUND           | models/gemini-0.5-pro is not found for API version v1beta, or is not supported for generateContent.
            request_too_large | 413 | PAYLOAD_TOO_LARGE   | Request payload size exceeds the limit: 20971520 bytes.
            auth_error        | 401 | UNAUTHENTICATED     | Request had invalid authentication credentials.
            quota_exhausted   | 429 | RESOURCE_EXHAUSTED  | Your prepayment credits are depleted. Please go to AI Studio to manage your project and billing.
            rate_limit        | 429 | RESOURCE_EXHAUSTED  | Resource has been exhausted (e.g. check quota).
            overloaded        | 503 | UNAVAILABLE         | The model is overloaded. Please try again later.
            service_error     | 500 | INTERNAL            | Internal error encountered.
            upstream_timeout  | 504 | DEADLINE_EXCEEDED   | Deadline expired before operation could complete.
            unknown           | 409 | ABORTED             | The operation was aborted.
            """;

    /** Every line in the words of an API. */
    static List<ProviderSays> in(Dialect dialect) {
        return switch (dialect) {
            case OPENAI -> lines(OPENAI).map(ProviderSays::openAi).toList();
            case ANTHROPIC -> lines(ANTHROPIC).map(ProviderSays::anthropic).toList();
            case GEMINI -> lines(GEMINI).map(ProviderSays::gemini).toList();
            default -> throw new IllegalArgumentException("no table for " + dialect);
        };
    }

    /** The line of a category. */
    static ProviderSays of(Category category, Dialect dialect) {
        return in(dialect).stream()
                .filter(line -> line.category().equals(category))
                .findFirst()
                .orElseThrow();
    }

    /** The whole document. */
    String document(Dialect dialect) {
        return (dialect == Dialect.ANTHROPIC ? "{\"type\":\"error\",\"error\":" : "{\"error\":") + error + "}";
    }

    private static Stream<List<String>> lines(String table) {
        return table.lines()
                .map(line -> Stream.of(line.split("\\|", -1)).map(String::strip).toList());
    }

    private static ProviderSays openAi(List<String> cells) {
        String code = cells.get(3).equals("none") ? "null" : "\"" + cells.get(3) + "\"";
        return of(
                cells,
                "{\"message\":\"%s\",\"type\":\"%s\",\"param\":null,\"code\":%s}"
                        .formatted(escaped(cells.get(4)), cells.get(2), code));
    }

    private static ProviderSays anthropic(List<String> cells) {
        return of(cells, "{\"type\":\"%s\",\"message\":\"%s\"}".formatted(cells.get(2), escaped(cells.get(3))));
    }

    private static ProviderSays gemini(List<String> cells) {
        return of(
                cells,
                "{\"code\":%s,\"message\":\"%s\",\"status\":\"%s\"}"
                        .formatted(cells.get(1), escaped(cells.get(3)), cells.get(2)));
    }

    private static ProviderSays of(List<String> cells, String error) {
        Category category = Category.builtIn().stream()
                .filter(known -> known.name().equals(cells.get(0)))
                .findFirst()
                .orElseThrow();
        return new ProviderSays(category, Integer.parseInt(cells.get(1)), cells.get(cells.size() - 1), error);
    }

    private static String escaped(String text) {
        return text.replace("\"", "\\\"");
    }
}

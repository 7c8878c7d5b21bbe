package io.penstock.dialect;

import static io.penstock.dialect.Dialect.ANTHROPIC;
import static io.penstock.dialect.Dialect.BEDROCK;
import static io.penstock.dialect.Dialect.GEMINI;
import static io.penstock.dialect.Dialect.OPENAI;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InferencePathsTest {

    @ParameterizedTest
    @CsvSource({
        "OPENAI, POST, /v1/chat/completions, CHAT_COMPLETIONS",
        "OPENAI, POST, /chat/completions, CHAT_COMPLETIONS",
        "OPENAI, POST, /openai/v1/chat/completions, CHAT_COMPLETIONS",
        "OPENAI, POST, /api/v1/chat/completions, CHAT_COMPLETIONS",
        "OPENAI, POST, /v1/openai/chat/completions, CHAT_COMPLETIONS",
        "OPENAI, POST, /openai/deployments/gpt-5-prod/chat/completions, CHAT_COMPLETIONS",
        "OPENAI, POST, /openai/deployments/ada/embeddings, EMBEDDINGS",
        "OPENAI, POST, /v1/completions, COMPLETIONS",
        "OPENAI, POST, /v1/responses, RESPONSES",
        "OPENAI, GET, /v1/responses/resp_abc, RESPONSES",
        "OPENAI, POST, /v1/responses/resp_abc/cancel, RESPONSES",
        "OPENAI, POST, /v1/responses/input_tokens, COUNT_TOKENS",
        "OPENAI, POST, /embeddings, EMBEDDINGS",
        "OPENAI, GET, /v1/models, MODELS",
        "OPENAI, GET, /v1/models/meta-llama/Llama-3-70b, MODELS",
        "OPENAI, GET, /v1/models/ft%3Agpt-4o, MODELS",
        "OPENAI, POST, /v1/images/generations, OTHER",
        "OPENAI, POST, /v1/audio/transcriptions, OTHER",
        "ANTHROPIC, POST, /v1/messages, MESSAGES",
        "ANTHROPIC, POST, /messages, MESSAGES",
        "ANTHROPIC, POST, /v1/messages/count_tokens, COUNT_TOKENS",
        "ANTHROPIC, GET, /v1/models, MODELS",
        "ANTHROPIC, GET, /models/claude-sonnet-4-5, MODELS",
        "ANTHROPIC, POST, /v1/chat/completions, CHAT_COMPLETIONS",
        "GEMINI, POST, /v1beta/models/gemini-2.5-pro:generateContent, GENERATE_CONTENT",
        "GEMINI, POST, /v1/models/gemini-2.5-pro:streamGenerateContent, GENERATE_CONTENT",
        "GEMINI, POST, /models/gemini-2.5-pro:generateContent, GENERATE_CONTENT",
        "GEMINI, POST, /v1beta/models/gemini-2.5-pro%3AgenerateContent, GENERATE_CONTENT",
        "GEMINI, POST, /v1beta/tunedModels/mine:generateContent, GENERATE_CONTENT",
        "GEMINI, POST, /v1beta/models/gemini-2.5-pro:countTokens, COUNT_TOKENS",
        "GEMINI, POST, /v1beta/models/gemini-embedding-001:embedContent, EMBED_CONTENT",
        "GEMINI, POST, /v1beta/models/gemini-embedding-001:batchEmbedContents, EMBED_CONTENT",
        "GEMINI, GET, /v1beta/models, MODELS",
        "GEMINI, GET, /v1beta/models/gemini-2.5-pro, MODELS",
        "GEMINI, POST, /v1beta/openai/chat/completions, CHAT_COMPLETIONS",
        "GEMINI, POST, /v1beta/models/imagen-4:predict, OTHER",
        "GEMINI, POST, /v1/projects/p/locations/us-east1/publishers/google/models/gemini-2.5-pro:generateContent, GENERATE_CONTENT",
        "GEMINI, POST, /v1/projects/p/locations/us-east1/endpoints/123:generateContent, GENERATE_CONTENT",
    })
    void knowsTheInferenceCalls(Dialect dialect, String method, String path, Operation operation) {
        assertThat(InferencePaths.isInference(dialect, method, path)).isTrue();
        assertThat(InferencePaths.target(dialect, method, path).operation()).isEqualTo(operation);
    }

    @ParameterizedTest
    @CsvSource({
        "OPENAI, GET, /v1/chat/completions",
        "OPENAI, GET, /v1/responses",
        "OPENAI, GET, /v1/responses/resp_abc/input_items",
        "OPENAI, DELETE, /v1/responses/resp_abc",
        "OPENAI, DELETE, /v1/models/ft:gpt-4o",
        "OPENAI, POST, /v1/models",
        "OPENAI, GET, /v1/organization/projects",
        "OPENAI, POST, /v1/organization/admin_api_keys",
        "OPENAI, GET, /v1/files",
        "OPENAI, POST, /v1/fine_tuning/jobs",
        "OPENAI, POST, /v1/batches",
        "OPENAI, POST, /v1/chat/completions/",
        "OPENAI, POST, /v1/v1/chat/completions",
        "OPENAI, POST, /v1/chat/completions/chatcmpl-1",
        "OPENAI, POST, /V1/CHAT/COMPLETIONS",
        "OPENAI, GET, /openai/deployments/d/models",
        "OPENAI, GET, /openai/deployments",
        "OPENAI, POST, /deployments/d/chat/completions",
        "ANTHROPIC, POST, /v1/messages/batches",
        "ANTHROPIC, GET, /v1/messages/batches",
        "ANTHROPIC, GET, /v1/organizations/api_keys",
        "ANTHROPIC, GET, /v1/messages",
        "GEMINI, GET, /v1beta/tunedModels",
        "GEMINI, DELETE, /v1beta/tunedModels/mine",
        "GEMINI, POST, /v1beta/tunedModels/mine:transferOwnership",
        "GEMINI, GET, /v1beta/files",
        "GEMINI, POST, /v1beta/cachedContents",
        "GEMINI, POST, /v1beta/models/m:batchGenerateContent",
        "GEMINI, POST, /v1beta/files/m:generateContent",
        "GEMINI, POST, /v1beta/models/:generateContent",
        "GEMINI, GET, /v1beta/models/m:generateContent",
        "GEMINI, POST, /v1/projects/p/secrets/l/publishers/google/models/m:generateContent",
        "BEDROCK, POST, /model/m/invoke",
    })
    void keepsEverythingElseShut(Dialect dialect, String method, String path) {
        assertThat(InferencePaths.isInference(dialect, method, path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "v1/models",
                "/",
                "//",
                "//v1/models",
                "/v1//models",
                "/v1/models/",
                "/v1/models/..",
                "/v1/models/../files",
                "/v1/./models",
                "/v1/models/..%2ffiles",
                "/v1/models%2F..%2Ffiles",
                "/v1/models%2f",
                "/v1/models/%2e%2e/files",
                "/v1/models/.%2E/files",
                "/v1/models/%252e%252e/files",
                "/v1/models\\..\\files",
                "/v1/models%5c..%5cfiles",
                "/v1/models/..;/files",
                "/v1/models;a=b",
                "/v1/models%3bx",
                "/v1/models/a%3fb",
                "/v1/models/a%23b",
                "/v1/models?x",
                "/v1/models#x",
                "/v1/models/%00",
                "/v1/models/%0d%0a",
                "/v1/models/%7f",
                "/v1/models/%c0%af",
                "/v1/models/%",
                "/v1/models/%4",
                "/v1/models/%zz",
                "/v1/models/%-1",
                "/v1/models/a b",
                "/v1/models/\u0000",
                "/v1/models/é",
                "/v1/models/\u2024\u2024/files"
            })
    void keepsPathsShutThatServersMayReadDifferently(String path) {
        for (Dialect dialect : List.of(OPENAI, ANTHROPIC, GEMINI, BEDROCK)) {
            assertThat(InferencePaths.isInference(dialect, "GET", path)).isFalse();
            assertThat(InferencePaths.target(dialect, "GET", path)).isEqualTo(RequestTarget.UNKNOWN);
        }
    }

    @Test
    void takesTheModelAndTheStreamFromThePath() {
        RequestTarget gemini =
                InferencePaths.target(GEMINI, "POST", "/v1beta/models/gemini-2.5-pro:streamGenerateContent");
        RequestTarget azure = InferencePaths.target(OPENAI, "POST", "/openai/deployments/gpt-5-prod/chat/completions");

        assertThat(gemini.model()).isEqualTo("gemini-2.5-pro");
        assertThat(gemini.streaming()).isTrue();
        assertThat(azure.model()).isEqualTo("gpt-5-prod");
        assertThat(azure.streaming()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "ANTHROPIC, /messages, /v1/messages",
        "ANTHROPIC, /messages/count_tokens, /v1/messages/count_tokens",
        "ANTHROPIC, /models, /v1/models",
        "ANTHROPIC, /models/claude, /v1/models/claude",
        "ANTHROPIC, /v1/messages, /v1/messages",
        "ANTHROPIC, /messagesx, /messagesx",
        "ANTHROPIC, /v1beta/messages, /v1beta/messages",
        "OPENAI, /chat/completions, /chat/completions",
        "OPENAI, /models, /models",
        "GEMINI, /models/m:generateContent, /models/m:generateContent",
    })
    void addsTheVersionThatAnthropicExpects(Dialect dialect, String path, String canonical) {
        assertThat(InferencePaths.canonical(dialect, path)).isEqualTo(canonical);
    }
}

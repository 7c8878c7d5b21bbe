package io.penstock.dialect;

/** What a request asks a provider to do: a closed set, because it labels metrics. */
public enum Operation {
    CHAT_COMPLETIONS("chat_completions", "chat"),
    RESPONSES("responses", "chat"),
    COMPLETIONS("completions", "text_completion"),
    EMBEDDINGS("embeddings", "embeddings"),
    MESSAGES("messages", "chat"),
    COUNT_TOKENS("count_tokens", "count_tokens"),
    GENERATE_CONTENT("generate_content", "generate_content"),
    EMBED_CONTENT("embed_content", "embeddings"),
    MODELS("models", "models"),
    OTHER("other", "other");

    private final String label;
    private final String genAiName;

    Operation(String label, String genAiName) {
        this.label = label;
        this.genAiName = genAiName;
    }

    public String label() {
        return label;
    }

    /** The value of {@code gen_ai.operation.name} in OpenTelemetry's GenAI conventions. */
    public String genAiName() {
        return genAiName;
    }
}

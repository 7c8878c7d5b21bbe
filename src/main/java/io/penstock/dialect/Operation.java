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

    /** Whether a model writes the answer, so that there is a reason why it stopped. */
    public boolean generates() {
        return switch (this) {
            case CHAT_COMPLETIONS, RESPONSES, COMPLETIONS, MESSAGES, GENERATE_CONTENT -> true;
            case EMBEDDINGS, COUNT_TOKENS, EMBED_CONTENT, MODELS, OTHER -> false;
        };
    }

    public String label() {
        return label;
    }

    /** The value of {@code gen_ai.operation.name} in OpenTelemetry's GenAI conventions. */
    public String genAiName() {
        return genAiName;
    }
}

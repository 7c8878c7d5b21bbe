package io.penstock.dialect;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a model stopped: the words of all dialects as one closed set, which labels metrics. */
public enum FinishReason {
    /** The model had said everything, or met a stop sequence. */
    STOP("stop"),
    /** The limit of tokens or of the context window was reached. */
    LENGTH("length"),
    TOOL_CALLS("tool_calls"),
    /** The provider's policy ended the answer. */
    CONTENT_FILTER("content_filter"),
    /** The model refused. */
    REFUSAL("refusal"),
    /** The provider broke down while it answered. */
    ERROR("error"),
    /** Said in a word that is none of these. */
    OTHER("other"),
    /** Not said. */
    NONE("none");

    private final String label;

    FinishReason(String label) {
        this.label = label;
    }

    /** The label value in metrics. */
    public String label() {
        return label;
    }

    /** Whether a policy, rather than the model or a limit, ended the answer. */
    boolean policy() {
        return this == CONTENT_FILTER || this == REFUSAL;
    }

    /**
     * What a provider's word means.
     *
     * @param word the word as it stands in the answer, in any case, or null where the answer had none
     */
    public static FinishReason of(@Nullable String word) {
        if (word == null) {
            return NONE;
        }
        return switch (word.toLowerCase(Locale.ROOT).replace('-', '_')) {
            // OpenAI, Gemini · Anthropic, Bedrock · Responses · Cohere · TGI and other servers
            case "stop", "end_turn", "stop_sequence", "completed", "complete", "eos", "eos_token" -> STOP;
            case "length",
                    "max_tokens",
                    "max_output_tokens",
                    "model_length",
                    "max_length",
                    "model_context_window_exceeded",
                    "error_limit",
                    "incomplete" -> LENGTH;
            case "tool_calls", "tool_call", "tool_use", "function_call" -> TOOL_CALLS;
            // OpenAI · Bedrock · Gemini · Cohere · Zhipu
            case "content_filter",
                    "content_filtered",
                    "guardrail_intervened",
                    "safety",
                    "recitation",
                    "blocklist",
                    "prohibited_content",
                    "spii",
                    "image_safety",
                    "image_prohibited_content",
                    "image_recitation",
                    "error_toxic",
                    "sensitive" -> CONTENT_FILTER;
            case "refusal" -> REFUSAL;
            case "error", "failed", "network_error", "insufficient_system_resource", "timeout" -> ERROR;
            default -> OTHER;
        };
    }
}

package io.penstock.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FinishReasonTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "absent",
            value = {
                "stop,STOP",
                "STOP,STOP",
                "end_turn,STOP",
                "stop_sequence,STOP",
                "completed,STOP",
                "COMPLETE,STOP",
                "length,LENGTH",
                "MAX_TOKENS,LENGTH",
                "max_output_tokens,LENGTH",
                "tool_calls,TOOL_CALLS",
                "tool_use,TOOL_CALLS",
                "function_call,TOOL_CALLS",
                "content_filter,CONTENT_FILTER",
                "SAFETY,CONTENT_FILTER",
                "guardrail_intervened,CONTENT_FILTER",
                "ERROR_TOXIC,CONTENT_FILTER",
                "refusal,REFUSAL",
                "error,ERROR",
                "insufficient_system_resource,ERROR",
                "pause_turn,OTHER",
                "MALFORMED_FUNCTION_CALL,OTHER",
                "something new,OTHER",
                "absent,NONE"
            })
    void mapsEveryDialectsWord(@Nullable String word, FinishReason reason) {
        assertThat(FinishReason.of(word)).isEqualTo(reason);
    }

    @Test
    void labelsAreAClosedSet() {
        assertThat(FinishReason.values())
                .extracting(FinishReason::label)
                .containsExactly("stop", "length", "tool_calls", "content_filter", "refusal", "error", "other", "none");
    }
}

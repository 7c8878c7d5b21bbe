package io.penstock.record;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.Operation;
import io.penstock.dialect.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One request of the application and all that Penstock did for it, recorded once, at its end. Prompts and answers are
 * never part of it.
 *
 * @param id a UUIDv7
 * @param route the route's name, or {@code "unknown"} where the request met none
 * @param dialect null where the request met no route
 * @param duration from the arrival of the head to the last byte, by a monotonic clock
 * @param httpStatus what the application saw, or null where it left before an answer
 * @param error what went wrong, or null on success and on a cancellation
 * @param rulesVersion the content hash of the rules that failures were judged by
 * @param upstream the upstream that answered or failed last, or null where none was asked
 * @param skipped the upstreams whose turn it was and that were not asked, in this order
 */
public record Interception(
        UUID id,
        String threadId,
        @Nullable String sessionId,
        Instant startedAt,
        Instant endedAt,
        Duration duration,
        @Nullable Duration timeToFirstContent,
        Duration overhead,
        String route,
        @Nullable Dialect dialect,
        Operation operation,
        @Nullable String modelRequested,
        @Nullable String modelServed,
        boolean streaming,
        String client,
        Outcome outcome,
        @Nullable Integer httpStatus,
        boolean committed,
        @Nullable TerminalError error,
        @Nullable String finishReason,
        @Nullable String upstream,
        List<AttemptRecord> attempts,
        List<SkippedUpstream> skipped,
        TokenUsage usage,
        long requestBytes,
        long responseBytes,
        long frames,
        String policyVersion,
        String rulesVersion) {

    /** How an interception ended. */
    public enum Outcome {
        SUCCESS("success"),
        ERROR("error"),
        /** The application left before the end: nobody's failure. */
        CANCELED("canceled");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /**
     * The terminal error.
     *
     * @param status the HTTP status of the provider's answer that was judged, or 0
     * @param message at most 1,024 bytes of UTF-8, secrets removed, or null
     * @param providerCode the provider's own code or type, or null
     * @param rule the rule that decided the category, or null
     */
    public record TerminalError(
            Category category,
            Phase phase,
            int status,
            @Nullable String message,
            @Nullable String providerCode,
            @Nullable String rule) {}
}

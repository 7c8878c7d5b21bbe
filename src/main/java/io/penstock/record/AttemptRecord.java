package io.penstock.record;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call to one upstream with one credential, as it is remembered.
 *
 * @param keyHint {@code sk-a…wxyz}-like, or null where the application's own key was passed through
 * @param status the HTTP status, or null where no answer came
 * @param category the failure's name, or null on success
 * @param errorType the failure's error type, or null on success
 * @param evidence what decided the category, as {@code layer:field=value}, or null on success
 * @param reason why this attempt was made: {@code first}, {@code retry}, {@code rotate_key} or {@code failover}
 * @param retryRefused whether a retry of it was due and the retry budget refused it
 * @param waited how long Penstock waited before it
 * @param rule the rule that decided the category, or null
 * @param shadowRules the shadow rules that would have decided it
 */
public record AttemptRecord(
        String upstream,
        @Nullable String keyHint,
        @Nullable Integer status,
        @Nullable String category,
        @Nullable String errorType,
        @Nullable String evidence,
        String reason,
        boolean retryRefused,
        Duration waited,
        Duration duration,
        @Nullable String rule,
        List<String> shadowRules) {}

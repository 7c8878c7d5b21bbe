package io.penstock.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What Penstock recorded of an interception, as its admin API tells it. */
record DemoRecord(
        String outcome,
        @Nullable String category,
        @Nullable String phase,
        @Nullable String message,
        List<Attempt> attempts) {

    record Attempt(String upstream, @Nullable String category, String reason, Duration waited) {}

    static DemoRecord of(JsonNode json) {
        List<Attempt> attempts = StreamSupport.stream(json.path("attempts").spliterator(), false)
                .map(attempt -> new Attempt(
                        attempt.path("upstream").asText(),
                        text(attempt, "category"),
                        attempt.path("reason").asText(),
                        Duration.ofMillis(Math.round(attempt.path("wait_ms").asDouble()))))
                .toList();
        return new DemoRecord(
                json.path("outcome").asText(),
                text(json, "error_category"),
                text(json, "phase"),
                text(json, "error_message"),
                attempts);
    }

    /** What went wrong: for good, or else at first; null where nothing did. */
    @Nullable
    String failure() {
        return category != null
                ? category
                : attempts.stream()
                        .map(Attempt::category)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    /** What Penstock did about it, in words. */
    String story() {
        if (attempts.isEmpty()) {
            return "asked no upstream";
        }
        if (attempts.size() > 1) {
            return String.join(
                    ", ", attempts.stream().skip(1).map(DemoRecord::step).toList());
        }
        if (outcome.equals("success")) {
            Attempt only = attempts.get(0);
            return only.reason().equals("first") ? "relayed it" : "went straight to " + only.upstream();
        }
        return "mid_stream".equals(phase) ? "passed on, recorded" : "returned it at once";
    }

    private static String step(Attempt attempt) {
        String after = attempt.waited().isZero() ? "" : " after " + words(attempt.waited());
        return switch (attempt.reason()) {
            case "retry" -> "retried" + (after.isEmpty() ? " at once" : after);
            case "failover" -> "failed over to " + attempt.upstream() + after;
            case "rotate_key" -> "took the next key" + after;
            default -> attempt.reason() + " " + attempt.upstream() + after;
        };
    }

    static String words(Duration duration) {
        long millis = duration.toMillis();
        return millis < 1000 ? millis + " ms" : "%d.%d s".formatted(millis / 1000, millis % 1000 / 100);
    }

    private static @Nullable String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isTextual() ? value.asText() : null;
    }
}

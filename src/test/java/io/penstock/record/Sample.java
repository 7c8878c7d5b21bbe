package io.penstock.record;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.Operation;
import io.penstock.dialect.TokenUsage;
import io.penstock.record.Interception.Outcome;
import io.penstock.record.Interception.TerminalError;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Builds interceptions for tests: a plain success at upstream {@code primary} unless told otherwise. */
public final class Sample {
    public static final Instant START = Instant.parse("2026-03-01T10:00:00.123Z");

    private UUID id = id(1);
    private String thread = "thread-1";
    private @Nullable String session;
    private Instant startedAt = START;
    private String route = "openai";
    private @Nullable Dialect dialect = Dialect.OPENAI;
    private Operation operation = Operation.CHAT_COMPLETIONS;
    private @Nullable String modelRequested = "gpt-5";
    private @Nullable String modelServed = "gpt-5-2026";
    private boolean streaming;
    private Outcome outcome = Outcome.SUCCESS;
    private @Nullable TerminalError error;
    private @Nullable String upstream;
    private TokenUsage usage = TokenUsage.NONE;
    private final List<AttemptRecord> attempts = new ArrayList<>();
    private final List<SkippedUpstream> skipped = new ArrayList<>();

    /** A UUIDv7 whose order is that of {@code number}. */
    public static UUID id(int number) {
        return new UUID(0x0195_0000_0000_7000L + ((long) number << 16), 0x8000_0000_0000_0000L + number);
    }

    public static Sample interception(int number) {
        Sample sample = new Sample();
        sample.id = id(number);
        sample.startedAt = START.plusSeconds(number);
        return sample;
    }

    public Sample thread(String value) {
        thread = value;
        return this;
    }

    public Sample session(String value) {
        session = value;
        return this;
    }

    public Sample route(String name, @Nullable Dialect value, Operation asked) {
        route = name;
        dialect = value;
        operation = asked;
        return this;
    }

    public Sample models(@Nullable String requested, @Nullable String served) {
        modelRequested = requested;
        modelServed = served;
        return this;
    }

    public Sample streaming() {
        streaming = true;
        return this;
    }

    public Sample canceled() {
        outcome = Outcome.CANCELED;
        return this;
    }

    public Sample failed(Category category, Phase phase, @Nullable String message) {
        outcome = Outcome.ERROR;
        error = new TerminalError(category, phase, 503, message, "server_error", null);
        return this;
    }

    public Sample usage(long input, long output) {
        usage = new TokenUsage(input, output, 0L, null);
        return this;
    }

    public Sample attempt(String at, String reason, @Nullable Category category, @Nullable Integer status) {
        return attempt(at, reason, category, status, false);
    }

    public Sample attempt(
            String at, String reason, @Nullable Category category, @Nullable Integer status, boolean retryRefused) {
        upstream = at;
        attempts.add(new AttemptRecord(
                at,
                null,
                status,
                category == null ? null : category.name(),
                category == null ? null : category.type().label(),
                category == null ? null : "status:status=" + status,
                reason,
                retryRefused,
                Duration.ofMillis(attempts.isEmpty() ? 0 : 250),
                Duration.ofMillis(40),
                null,
                List.of()));
        return this;
    }

    public Sample skips(String at, SkippedUpstream.Why why, String cause) {
        skipped.add(new SkippedUpstream(at, why, cause));
        return this;
    }

    public Interception build() {
        return new Interception(
                id,
                thread,
                session,
                startedAt,
                startedAt.plusMillis(1500),
                Duration.ofMillis(1500),
                outcome == Outcome.SUCCESS ? Duration.ofMillis(420) : null,
                Duration.ofNanos(412_300),
                route,
                dialect,
                operation,
                modelRequested,
                modelServed,
                streaming,
                "openai-python",
                outcome,
                outcome == Outcome.SUCCESS ? 200 : 503,
                outcome == Outcome.SUCCESS,
                error,
                outcome == Outcome.SUCCESS ? "stop" : null,
                upstream,
                List.copyOf(attempts),
                List.copyOf(skipped),
                usage,
                321,
                654,
                streaming ? 12 : 0,
                "built-in",
                "0123456789ab");
    }
}

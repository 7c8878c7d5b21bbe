package io.penstock.telemetry;

import io.penstock.classify.Category;
import io.penstock.classify.ErrorType;
import io.penstock.classify.Phase;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.FinishReason;
import io.penstock.record.AttemptRecord;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import io.penstock.record.Interception.TerminalError;
import io.penstock.record.InterceptionListener;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts every interception at its end, from its record alone, so that records and metrics cannot disagree. Thread-safe.
 */
@Singleton
final class InterceptionMeters implements InterceptionListener {
    /** An attempt that was neither a success nor a failure, because the application left while it was under way. */
    static final String CANCELED = "canceled";

    static final String SUCCESS = "success";
    static final String LIVE = "live";
    static final String SHADOW = "shadow";

    private final Meters meters;

    InterceptionMeters(Meters meters) {
        this.meters = meters;
    }

    @Override
    public void ended(Interception i) {
        meters.interceptions(i.route(), i.operation(), i.outcome()).increment();
        meters.durations(i.route(), i.streaming()).record(i.duration());
        meters.overheads(i.route(), i.streaming()).record(i.overhead());
        if (i.timeToFirstContent() != null) {
            meters.firstContents(i.route(), i.streaming()).record(i.timeToFirstContent());
        }
        if (i.error() != null) {
            countError(i, i.error());
        }
        if (i.operation().generates() && (i.outcome() == Outcome.SUCCESS || i.finishReason() != null)) {
            meters.finishReasons(i.route(), FinishReason.of(i.finishReason())).increment();
        }
        countAttempts(i);
        if (i.dialect() != null && GenAi.isModelOperation(i.operation())) {
            recordGenAi(i, i.dialect());
        }
    }

    private void countError(Interception i, TerminalError error) {
        String upstream = i.upstream() == null || error.phase() == Phase.GATEWAY ? Meters.NO_UPSTREAM : i.upstream();
        meters.errors(i.route(), upstream, error.category(), error.phase()).increment();
    }

    private void countAttempts(Interception i) {
        List<AttemptRecord> attempts = i.attempts();
        for (int k = 0; k < attempts.size(); k++) {
            AttemptRecord attempt = attempts.get(k);
            boolean last = k == attempts.size() - 1;
            meters.attempts(attempt.upstream(), result(attempt, last && i.outcome() == Outcome.CANCELED))
                    .increment();
            if (attempt.retryRefused()) {
                meters.refusedRetries(attempt.upstream()).increment();
            }
            if (Category.UNKNOWN.name().equals(attempt.category())) {
                meters.unclassified(attempt.upstream(), UnclassifiedStatus.label(attempt.status()))
                        .increment();
            }
            if (attempt.rule() != null) {
                meters.ruleHits(attempt.rule(), LIVE).increment();
            }
            attempt.shadowRules().forEach(rule -> meters.ruleHits(rule, SHADOW).increment());
            if (k > 0) {
                countMove(attempts.get(k - 1), attempt);
            }
        }
    }

    private static String result(AttemptRecord attempt, boolean canceled) {
        if (attempt.category() != null) {
            return attempt.category();
        }
        return canceled ? CANCELED : SUCCESS;
    }

    /** An attempt after the first was caused by the failure of the one before it. */
    private void countMove(AttemptRecord from, AttemptRecord to) {
        String category = from.category() == null ? Category.UNKNOWN.name() : from.category();
        switch (to.reason()) {
            case "retry" -> meters.retries(from.upstream(), category).increment();
            case "rotate_key" -> meters.keyRotations(from.upstream(), category).increment();
            case "failover" ->
                meters.failovers(from.upstream(), to.upstream(), category).increment();
            default -> throw new IllegalArgumentException("unexpected reason: " + to.reason());
        }
    }

    /** An operation that no provider saw, or that the application broke off, says nothing about the provider. */
    private void recordGenAi(Interception i, Dialect dialect) {
        if (i.outcome() != Outcome.CANCELED && !i.attempts().isEmpty()) {
            ErrorType error = i.error() == null ? null : i.error().category().type();
            meters.genAiDurations(i.operation(), dialect, error).record(i.duration());
        }
        recordTokens(i, dialect, GenAi.TokenType.INPUT, i.usage().input());
        recordTokens(i, dialect, GenAi.TokenType.OUTPUT, i.usage().output());
    }

    private void recordTokens(Interception i, Dialect dialect, GenAi.TokenType type, @Nullable Long tokens) {
        if (tokens != null) {
            meters.genAiTokens(i.operation(), dialect, type).record(tokens);
        }
    }
}

package io.penstock.relay;

import io.penstock.classify.Classification;
import io.penstock.classify.Phase;
import io.penstock.classify.Redaction;
import io.penstock.dialect.AnswerObserver;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.Operation;
import io.penstock.dialect.RequestHead;
import io.penstock.dialect.TokenUsage;
import io.penstock.policy.Policy;
import io.penstock.record.AttemptRecord;
import io.penstock.record.Interception;
import io.penstock.record.Interception.Outcome;
import io.penstock.record.Interception.TerminalError;
import io.penstock.record.SkippedUpstream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The record of an interception while it is under way. Owned by one event loop. */
public final class InterceptionDraft {
    private static final int MAX_NAME = 256;

    private final UUID id;
    private final Instant startedAt;
    private final Timers timers;
    private final long startedNanos;
    private final String client;
    private final List<AttemptRecord> attempts = new ArrayList<>();
    private final List<SkippedUpstream> skipped = new ArrayList<>();

    private String route = "unknown";
    private String policyVersion = "none";
    private String rulesVersion = "none";
    private @Nullable Dialect dialect;
    private RequestHead head = new RequestHead(Operation.OTHER, null, List.of(), false, null);
    private @Nullable String sessionId;
    private long requestBytes;
    private Duration spentElsewhere = Duration.ZERO;
    private @Nullable Integer httpStatus;
    private boolean committed;
    private @Nullable String upstream;
    private @Nullable Duration timeToFirstContent;
    private @Nullable AnswerObserver observer;
    private long responseBytes;

    /** @param client the user agent's family */
    public InterceptionDraft(UUID id, Instant startedAt, Timers timers, String client) {
        this.id = id;
        this.startedAt = startedAt;
        this.timers = timers;
        this.startedNanos = timers.nanos();
        this.client = client;
    }

    public UUID id() {
        return id;
    }

    public void route(String name, Dialect spoken, Policy policy) {
        route = name;
        dialect = spoken;
        policyVersion = policy.version();
        rulesVersion = policy.rules().version();
    }

    /** @param session the session that the client named in a header, or null */
    public void request(RequestHead read, @Nullable String session, long bytes) {
        head = read;
        sessionId = session != null ? session : read.sessionId();
        requestBytes = bytes;
    }

    /** Time that passed while somebody else was busy: the application sending, an upstream answering, a wait. */
    public void waitedFor(Duration time) {
        spentElsewhere = spentElsewhere.plus(time);
    }

    /** What the application gets to see as the status. */
    public void answered(int status) {
        httpStatus = status;
    }

    void attempt(AttemptRecord attempt) {
        attempts.add(attempt);
        waitedFor(attempt.waited().plus(attempt.duration()));
    }

    void skipped(SkippedUpstream notAsked) {
        skipped.add(notAsked);
    }

    int attempts() {
        return attempts.size();
    }

    void upstream(@Nullable String name) {
        upstream = name;
    }

    void committed(int status, AnswerObserver watching) {
        committed = true;
        observer = watching;
        answered(status);
    }

    void firstContent() {
        timeToFirstContent = elapsed();
    }

    public void responseBytes(long bytes) {
        responseBytes = bytes;
    }

    public Duration elapsed() {
        return Duration.ofNanos(timers.nanos() - startedNanos);
    }

    public Interception succeeded() {
        return end(Outcome.SUCCESS, null);
    }

    public Interception canceled() {
        return end(Outcome.CANCELED, null);
    }

    /** Ends with an error; its message is redacted and cut here, whoever wrote it. */
    public Interception failed(Classification error, Phase phase) {
        String message = error.message();
        return end(
                Outcome.ERROR,
                new TerminalError(
                        error.category(),
                        phase,
                        error.status(),
                        message == null ? null : Redaction.forRecord(message),
                        error.providerCode(),
                        error.rules().rule()));
    }

    private Interception end(Outcome outcome, @Nullable TerminalError error) {
        Duration duration = elapsed();
        Duration overhead = duration.minus(spentElsewhere);
        return new Interception(
                id,
                sessionId != null ? sessionId : id.toString(),
                sessionId,
                startedAt,
                startedAt.plus(duration),
                duration,
                timeToFirstContent,
                overhead.isNegative() ? Duration.ZERO : overhead,
                route,
                dialect,
                head.operation(),
                clip(head.model()),
                observer == null ? null : clip(observer.modelServed()),
                head.streaming(),
                client,
                outcome,
                httpStatus,
                committed,
                error,
                observer == null ? null : clip(observer.finishReason()),
                upstream,
                List.copyOf(attempts),
                List.copyOf(skipped),
                observer == null ? TokenUsage.NONE : observer.usage(),
                requestBytes,
                responseBytes,
                observer == null ? 0 : observer.frames(),
                policyVersion,
                rulesVersion);
    }

    /** What a peer named is kept, but not at any length. */
    private static @Nullable String clip(@Nullable String name) {
        return name == null || name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME);
    }
}

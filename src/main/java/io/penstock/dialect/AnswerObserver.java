package io.penstock.dialect;

import org.jspecify.annotations.Nullable;

/**
 * Watches the bytes of a good answer go by and notes what they mean; changes nothing and keeps a bounded state whatever
 * passes. Not thread-safe: fed by the event loop that owns the interception.
 */
public interface AnswerObserver {

    /** The next bytes of the body, decoded from their content coding. */
    void feed(byte[] bytes, int offset, int length);

    /** The body ended properly. */
    void end();

    /** Whether text, reasoning, a tool call, a refusal, a finish reason or usage has been seen. */
    boolean contentSeen();

    /** Whether anything has come but white space, comments and keep-alives. */
    boolean begun();

    /** Whether something has come that is not what this answer is made of: HTML, plain text, broken JSON. */
    boolean malformed();

    /**
     * Whether the answer is whole: the dialect's terminal marker was seen or, for an answer that is not a stream, the
     * body ended.
     */
    boolean complete();

    /** The error that the answer itself carries, or null. */
    @Nullable
    ProviderError error();

    TokenUsage usage();

    /** The model that the provider says it used, or null. */
    @Nullable
    String modelServed();

    /** Why the model stopped, in the provider's word, or null. */
    @Nullable
    String finishReason();

    /** How many frames of a stream went by; 0 for an answer that is not a stream. */
    long frames();
}

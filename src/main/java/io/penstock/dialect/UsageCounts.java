package io.penstock.dialect;

import io.penstock.dialect.JsonShape.Mark;
import org.jspecify.annotations.Nullable;

/**
 * The token counts of an answer, as its frames tell them: each count replaces the one before (providers count up), except
 * that a zero says nothing once there was a number (proxies repeat the block with zeros).
 */
final class UsageCounts {
    private static final long UNKNOWN = -1;

    private long input = UNKNOWN;
    private long inputApart = UNKNOWN;
    private long output = UNKNOWN;
    private long cached = UNKNOWN;
    private long cachedApart = UNKNOWN;
    private long reasoning = UNKNOWN;
    private long reasoningApart = UNKNOWN;

    void count(Mark mark, long tokens) {
        switch (mark) {
            case INPUT_TOKENS -> input = later(input, tokens);
            case INPUT_TOKENS_APART -> inputApart = later(inputApart, tokens);
            case OUTPUT_TOKENS -> output = later(output, tokens);
            case CACHED_TOKENS -> cached = later(cached, tokens);
            case CACHED_TOKENS_APART -> cachedApart = later(cachedApart, tokens);
            case REASONING_TOKENS -> reasoning = later(reasoning, tokens);
            case REASONING_TOKENS_APART -> reasoningApart = later(reasoningApart, tokens);
            case TYPE, ERROR, OUTPUT, MODEL, FINISH, DONE, BLOCK, STATUS, ITEM_TYPE ->
                throw new IllegalArgumentException(mark + " is not a count");
        }
    }

    TokenUsage usage() {
        return new TokenUsage(
                sum(input, inputApart, cachedApart),
                sum(output, reasoningApart, UNKNOWN),
                sum(cached, cachedApart, UNKNOWN),
                sum(reasoning, reasoningApart, UNKNOWN));
    }

    private static long later(long before, long now) {
        return now < 0 || (now == 0 && before > 0) ? before : now;
    }

    private static @Nullable Long sum(long a, long b, long c) {
        if (a == UNKNOWN && b == UNKNOWN && c == UNKNOWN) {
            return null;
        }
        return Math.max(a, 0) + Math.max(b, 0) + Math.max(c, 0);
    }
}

package io.penstock.record;

import java.time.Instant;
import java.util.Optional;

/**
 * Which interceptions are wanted; an empty filter lets everything through.
 *
 * @param limit how many at most, 1 to 1,000
 * @param cursor where the page before ended
 */
public record InterceptionQuery(
        Optional<String> errorType,
        Optional<String> category,
        Optional<String> outcome,
        Optional<String> upstream,
        Optional<String> model,
        Optional<String> threadId,
        Optional<String> sessionId,
        Optional<Instant> since,
        Optional<Instant> until,
        int limit,
        Optional<String> cursor) {}

package io.penstock.telemetry;

import static io.penstock.classify.Phase.CONNECT;
import static io.penstock.classify.Phase.GATEWAY;
import static io.penstock.classify.Phase.MID_STREAM;
import static io.penstock.classify.Phase.PRE_COMMIT;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import java.util.Map;
import java.util.Set;

/**
 * In which phases a category can end an interception. Only a saving: it keeps series that can never count out of every
 * scrape. A failure that happens elsewhere all the same is counted like any other.
 */
final class ExpectedPhases {
    /** A provider says so, in the head of its answer or inside it. */
    private static final Set<Phase> ANSWERED = Set.of(PRE_COMMIT, MID_STREAM);

    private static final Map<Category, Set<Phase>> EXCEPTIONS = Map.ofEntries(
            Map.entry(Category.INVALID_REQUEST, Set.of(GATEWAY, PRE_COMMIT, MID_STREAM)),
            Map.entry(Category.MODEL_ERROR, Set.of(GATEWAY, PRE_COMMIT, MID_STREAM)),
            Map.entry(Category.REQUEST_TOO_LARGE, Set.of(GATEWAY, PRE_COMMIT)),
            // All keys of an upstream rest, for one of these reasons.
            Map.entry(Category.RATE_LIMIT, Set.of(GATEWAY, PRE_COMMIT, MID_STREAM)),
            Map.entry(Category.QUOTA_EXHAUSTED, Set.of(GATEWAY, PRE_COMMIT, MID_STREAM)),
            Map.entry(Category.AUTH_ERROR, Set.of(GATEWAY, PRE_COMMIT, MID_STREAM)),
            Map.entry(Category.OVERLOADED, Set.of(GATEWAY, CONNECT, PRE_COMMIT, MID_STREAM)),
            Map.entry(Category.NETWORK_ERROR, Set.of(CONNECT, PRE_COMMIT, MID_STREAM)),
            Map.entry(Category.STREAM_TRUNCATED, Set.of(MID_STREAM)),
            Map.entry(Category.CONNECT_TIMEOUT, Set.of(CONNECT)),
            Map.entry(Category.FIRST_CONTENT_TIMEOUT, ANSWERED),
            Map.entry(Category.DEADLINE_EXCEEDED, Set.of(GATEWAY, CONNECT, PRE_COMMIT, MID_STREAM)),
            Map.entry(Category.CIRCUIT_OPEN, Set.of(GATEWAY)),
            Map.entry(Category.NO_UPSTREAM, Set.of(GATEWAY, MID_STREAM)));

    private ExpectedPhases() {}

    static Set<Phase> of(Category category) {
        return EXCEPTIONS.getOrDefault(category, ANSWERED);
    }
}

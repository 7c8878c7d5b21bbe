package io.penstock.relay;

import io.penstock.classify.Category;
import io.penstock.classify.Classification;
import io.penstock.classify.Fault;
import io.penstock.classify.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Of all failures of an interception the one that tells the application most: not the last one, and never a made-up one
 * while a provider has said something.
 */
final class BestEvidence {
    /**
     * What tells most comes first: what the caller can mend, then what waiting mends (and how long to wait), then what
     * the provider said of itself, then of the account, then what Penstock saw without a word from anyone.
     */
    private static final List<Category> ORDER = List.of(
            Category.MODEL_NOT_FOUND,
            Category.REQUEST_TOO_LARGE,
            Category.RATE_LIMIT,
            Category.OVERLOADED,
            Category.SERVICE_ERROR,
            Category.UPSTREAM_TIMEOUT,
            Category.QUOTA_EXHAUSTED,
            Category.AUTH_ERROR,
            Category.UNKNOWN);

    private @Nullable Failed best;

    /**
     * A failure that an interception may end with.
     *
     * @param upstream who failed, or null where none was asked
     * @param held the provider's answer, or null where none came
     * @param masked whether the application gets Penstock's words instead: the provider's are about Penstock's account
     */
    record Failed(
            Classification classification,
            Phase phase,
            @Nullable String upstream,
            @Nullable HeldAnswer held,
            boolean masked) {

        /** One whose words, if there are any, are for the application. */
        Failed(Classification classification, Phase phase, @Nullable String upstream, @Nullable HeldAnswer held) {
            this(classification, phase, upstream, held, false);
        }
    }

    void add(Failed failed) {
        if (best == null || better(failed, best)) {
            best = failed;
        }
    }

    /** The best so far, or null while nothing failed. */
    @Nullable
    Failed best() {
        return best;
    }

    private static boolean better(Failed challenger, Failed holder) {
        int rank = Integer.compare(rank(challenger), rank(holder));
        if (rank != 0) {
            return rank < 0;
        }
        if (Objects.equals(challenger.upstream(), holder.upstream())) {
            // An upstream that says it again, with another wait perhaps, knows better than it did.
            return true;
        }
        Duration wait = challenger.classification().retryAfter();
        Duration known = holder.classification().retryAfter();
        Category category = challenger.classification().category();
        boolean waitingMends = category.equals(Category.RATE_LIMIT) || category.equals(Category.CIRCUIT_OPEN);
        if (waitingMends && known != null) {
            return wait != null && wait.compareTo(known) < 0;
        }
        return true;
    }

    private static int rank(Failed failed) {
        Category category = failed.classification().category();
        if (category.caller()) {
            return -1;
        }
        if (category.fault() == Fault.GATEWAY) {
            return 3 * ORDER.size();
        }
        int told = ORDER.indexOf(category);
        int place = told < 0 ? ORDER.size() : told;
        return failed.held() == null && !failed.masked() ? place + ORDER.size() : place;
    }
}

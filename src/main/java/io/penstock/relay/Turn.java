package io.penstock.relay;

import io.penstock.breaker.Permit;
import io.penstock.classify.Category;
import io.penstock.classify.Classification;
import io.penstock.classify.CountsFor;
import io.penstock.classify.Fault;
import io.penstock.record.AttemptRecord;
import io.penstock.record.Interception.Outcome;
import io.penstock.upstream.ApiKey;
import io.penstock.upstream.Upstream;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An attempt under way, with why it is made and the leave to make it.
 *
 * @param key the credential of Penstock's own that it carries, or null
 * @param waited how long Penstock waited before it
 */
record Turn(
        Upstream upstream,
        @Nullable ApiKey key,
        Attempt attempt,
        Permit permit,
        AttemptReason reason,
        Duration waited) {
    /** What stands for the category of an attempt that the application's leaving cut short. */
    private static final String CANCELED = Outcome.CANCELED.label();

    /**
     * Closes the permit by what the failure says of the upstream.
     *
     * @param blameless whether it says nothing: Penstock's own limits were in the way
     */
    void tellBreaker(Classification error, boolean blameless) {
        Category category = error.category();
        CountsFor countsFor = error.reaction().countsFor();
        if (blameless) {
            permit.abandoned();
        } else if (countsFor == CountsFor.UPSTREAM
                || (countsFor == CountsFor.MODEL && category.fault() == Fault.PROVIDER)) {
            permit.failed(category.name());
        } else {
            permit.succeeded();
        }
    }

    /**
     * What is remembered of it.
     *
     * @param refused whether a retry was due and the budget refused it
     */
    AttemptRecord record(@Nullable Integer status, @Nullable Classification error, boolean canceled, boolean refused) {
        return new AttemptRecord(
                upstream.name(),
                key == null ? null : key.hint(),
                status,
                canceled ? CANCELED : error == null ? null : error.category().name(),
                error == null ? null : error.errorType().label(),
                error == null ? null : error.evidence().toString(),
                reason.label(),
                refused,
                waited,
                attempt.elapsed(),
                error == null ? null : error.rules().rule(),
                error == null ? List.of() : error.rules().shadow());
    }
}

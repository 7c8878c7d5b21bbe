package io.penstock.relay;

import io.penstock.breaker.Passage;
import io.penstock.classify.Category;
import io.penstock.classify.Classification;
import io.penstock.classify.CountsFor;
import io.penstock.classify.Fault;
import io.penstock.record.AttemptRecord;
import io.penstock.record.Interception.Outcome;
import io.penstock.upstream.KeyLoan;
import io.penstock.upstream.KeyPool;
import io.penstock.upstream.Upstream;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An attempt under way, with why it is made and the leave to make it.
 *
 * @param key the credential of Penstock's own that it carries, or null
 * @param model what the upstream calls the model that is asked for, or null
 * @param waited how long Penstock waited before it
 */
record Turn(
        Upstream upstream,
        @Nullable KeyLoan key,
        @Nullable String model,
        Attempt attempt,
        Passage permit,
        AttemptReason reason,
        Duration waited) {
    /** What stands for the category of an attempt that the application's leaving cut short. */
    private static final String CANCELED = Outcome.CANCELED.label();

    /** The answer has begun with content: the key is good, and so, for now, are upstream and model. */
    void answered() {
        permit.answered();
        KeyPool keys = upstream.keys();
        if (keys != null && key != null) {
            keys.accepted(key, model);
        }
    }

    /** Holds a failure against the key, if it is one for that. Telling it twice is telling it once. */
    void tellKey(Classification error) {
        KeyPool keys = upstream.keys();
        if (keys == null || key == null) {
            return;
        }
        keys.failed(key, error, model);
        if (error.answered() && error.category().caller()) {
            // Who judged the request had let the key in before.
            keys.accepted(key, model);
        }
    }

    /**
     * Closes the permit by what the failure says of the upstream, and holds it against the key or the model if it is one
     * for that.
     *
     * @param blameless whether it says nothing: Penstock's own limits, or a slow application, were in the way
     */
    void failed(Classification error, boolean blameless) {
        Category category = error.category();
        CountsFor countsFor = error.reaction().countsFor();
        tellKey(error);
        if (blameless) {
            permit.abandoned();
        } else if (countsFor == CountsFor.UPSTREAM) {
            permit.upstreamFailed(category.name());
        } else if (countsFor != CountsFor.MODEL) {
            permit.succeeded();
        } else if (category.equals(Category.MODEL_NOT_FOUND) && model != null) {
            upstream.missingModels().lacks(model);
            permit.succeeded();
        } else {
            permit.modelFailed(category.name());
        }
    }

    /**
     * Whether the application must not see the provider's own words: they are about an account that is not the
     * application's.
     */
    boolean masks(Classification error) {
        return key != null && error.category().fault() == Fault.ACCOUNT;
    }

    /**
     * What is remembered of it.
     *
     * @param refused whether a retry was due and the budget refused it
     */
    AttemptRecord record(@Nullable Integer status, @Nullable Classification error, boolean canceled, boolean refused) {
        return new AttemptRecord(
                upstream.name(),
                key == null ? null : key.key().hint(),
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

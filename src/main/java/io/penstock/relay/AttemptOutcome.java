package io.penstock.relay;

import io.penstock.classify.Classification;
import io.penstock.classify.Phase;
import org.jspecify.annotations.Nullable;

/** What came of an attempt, at the moment when it is decided whether to commit. */
sealed interface AttemptOutcome {

    /** The gate lets the answer through. */
    record Good(Opening opening) implements AttemptOutcome {}

    /**
     * Nothing has gone to the application, so everything is still possible.
     *
     * @param blameless whether it says nothing of the upstream's health: Penstock's own limits were in the way
     * @param status the upstream's status, or null where no answer came
     * @param ended whether the upstream's answer was read to its end, so that its connection is good for another
     * @param held what the application may be answered with, from the provider's own error, or null where none came
     */
    record Failed(
            Classification classification,
            Phase phase,
            boolean blameless,
            @Nullable Integer status,
            boolean ended,
            @Nullable HeldAnswer held)
            implements AttemptOutcome {}
}

package io.penstock.relay;

import io.penstock.classify.Classification;
import io.penstock.classify.Phase;
import io.penstock.upstream.UpstreamAnswer;
import org.jspecify.annotations.Nullable;

/** What came of an attempt, at the moment when it is decided whether to commit. */
sealed interface AttemptOutcome {

    /** The gate lets the answer through. */
    record Good(UpstreamAnswer answer) implements AttemptOutcome {}

    /**
     * Nothing has gone to the application, so everything is still possible.
     *
     * @param blameless whether it says nothing of the upstream's health: Penstock's own limits were in the way
     * @param held the provider's own error answer, or null where none came
     */
    record Failed(
            Classification classification,
            Phase phase,
            boolean blameless,
            @Nullable HeldAnswer held) implements AttemptOutcome {}
}

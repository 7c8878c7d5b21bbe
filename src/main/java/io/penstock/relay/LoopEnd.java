package io.penstock.relay;

import io.penstock.classify.Classification;
import io.penstock.relay.BestEvidence.Failed;

/** How the attempts of an interception came to their end. */
sealed interface LoopEnd {

    /** An answer may be committed; its turn is still open. */
    record Answered(Turn turn, AttemptOutcome.Good good) implements LoopEnd {}

    /** An error answer is not held whole, and is the one to return; its turn is still open. */
    record LongError(Turn turn, Classification error, HeldAnswer held) implements LoopEnd {}

    /** No attempt is left; nothing is open. */
    record NoneLeft(Failed best) implements LoopEnd {}

    /** Penstock itself stumbled. */
    record Bug(Throwable cause) implements LoopEnd {}
}

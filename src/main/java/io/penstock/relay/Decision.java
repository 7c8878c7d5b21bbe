package io.penstock.relay;

import java.time.Duration;

/** What to do about a failed attempt. */
sealed interface Decision {

    /** End the interception with this failure. */
    record Return() implements Decision {}

    /** Ask the same upstream again, with the same key, after a wait. */
    record Retry(Duration delay) implements Decision {}

    /** Ask the same upstream at once with its next key. */
    record RotateKey() implements Decision {}

    /**
     * Ask the next upstream at once.
     *
     * @param retryRefused whether a retry was due and the budget refused it
     */
    record FailOver(boolean retryRefused) implements Decision {}
}

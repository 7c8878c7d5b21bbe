package io.penstock.classify;

/**
 * What Penstock does by default about a failure that happened before the commit.
 *
 * @param retry whether, and how, the same upstream is asked again
 * @param rotateKey whether another key of the same upstream is tried before another upstream
 * @param failover whether another upstream may be asked
 * @param countsFor what the failure is held against
 */
public record Reaction(Retry retry, boolean rotateKey, Failover failover, CountsFor countsFor) {

    /** How often and how soon the same upstream is asked again. */
    public enum Retry {
        NEVER,
        /** Once, without a wait: the failure says nothing about load. */
        ONCE_AT_ONCE,
        /** Once, after a jittered backoff. */
        ONCE_JITTERED,
        /** As often as the policy allows, after the wait that the provider asked for. */
        AFTER_HINT
    }
}

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

    /**
     * The reaction that begins with an action. What follows where that does not help is another upstream, except after
     * {@link Action#RETURN}, which ends the interception.
     */
    Reaction with(Action first) {
        return switch (first) {
            case RETURN -> new Reaction(Retry.NEVER, false, Failover.NEVER, countsFor);
            case RETRY ->
                new Reaction(retry == Retry.NEVER ? Retry.ONCE_JITTERED : retry, false, Failover.ALWAYS, countsFor);
            case ROTATE_KEY -> new Reaction(Retry.NEVER, true, Failover.ALWAYS, countsFor);
            case FAILOVER -> new Reaction(Retry.NEVER, false, Failover.ALWAYS, countsFor);
        };
    }

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

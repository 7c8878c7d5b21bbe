package io.penstock.simulator;

/**
 * How an exchange came to its end.
 *
 * @param nanoTime when, on the clock of {@link System#nanoTime()}
 */
public record Ending(How how, long nanoTime) {

    /** Who ended it. */
    public enum How {
        /** The script, with a whole answer. */
        ANSWERED,
        /** The script, by breaking the connection or the stream off. */
        BROKEN_OFF,
        /** The other side: it reset the stream or closed the connection before the answer was whole. */
        ABANDONED
    }
}

package io.penstock.classify;

/** Whether a failure of a category may be answered by another upstream. */
public enum Failover {
    NEVER,
    /** Only to an upstream that the operator declared to take larger inputs. */
    LARGER_ONLY,
    /** Only where the operator asked for it. */
    OPT_IN,
    /** Yes for a 5xx or an answer without a body; a 4xx with a body is somebody's considered answer. */
    UNLESS_ANSWERED_4XX,
    ALWAYS
}

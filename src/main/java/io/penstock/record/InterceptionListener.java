package io.penstock.record;

/** Told of every interception at its end, on the event loop that served it: must return at once. */
@FunctionalInterface
public interface InterceptionListener {
    void ended(Interception interception);
}

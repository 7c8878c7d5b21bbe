package io.penstock.breaker;

/**
 * Leave to call an upstream once. Exactly one of its methods besides {@link #answered} is called, on every path, when the call has ended (for a
 * stream: at its end); further calls do nothing. A permit that stayed open would wedge a half-open circuit for good.
 */
public interface Permit {

    /**
     * The answer has begun with content; its end is still to come. To a half-open circuit that is its probe's success: a
     * stream may last for minutes, and no other request is let through meanwhile. A failure later on counts all the same.
     */
    void answered();

    /** The upstream is well: it answered, be it with an error that is not held against it. */
    void succeeded();

    /** The call failed in a way that is held against the upstream; {@code cause} is the category's name. */
    void failed(String cause);

    /**
     * The call was given up before it told anything (the application left). Says nothing about the upstream, except in a
     * half-open circuit, which re-opens: its probe brought no good news.
     */
    void abandoned();
}

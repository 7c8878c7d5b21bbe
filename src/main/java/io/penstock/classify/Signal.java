package io.penstock.classify;

/**
 * A failure known by its identity rather than by anything a peer said: which timer fired, which exception class came,
 * what Penstock itself found missing. The surest evidence there is.
 */
public enum Signal {
    CONNECT_REFUSED("connect_refused", Category.NETWORK_ERROR),
    DNS("dns", Category.NETWORK_ERROR),
    TLS("tls", Category.NETWORK_ERROR),
    /** The connection broke, was reset or refused the stream, GOAWAY included. */
    RESET("reset", Category.NETWORK_ERROR),
    CONNECT_TIMEOUT("connect_timeout", Category.CONNECT_TIMEOUT),
    FIRST_CONTENT_TIMEOUT("first_content_timeout", Category.FIRST_CONTENT_TIMEOUT),
    IDLE_TIMEOUT("idle_timeout", Category.IDLE_TIMEOUT),
    DEADLINE("deadline", Category.DEADLINE_EXCEEDED),
    /** The answer ended without its terminal marker, or its body is shorter than announced. */
    TRUNCATED("truncated", Category.STREAM_TRUNCATED),
    /** A 200 without a body. */
    EMPTY("empty", Category.PROTOCOL_ERROR),
    /** What came is not the protocol: HTML in a 200, a broken HTTP answer. */
    MALFORMED("malformed", Category.PROTOCOL_ERROR),
    /** The upstream's wait queue is full: Penstock never sent the request. */
    POOL_EXHAUSTED("pool_exhausted", Category.OVERLOADED),
    CIRCUIT_OPEN("circuit_open", Category.CIRCUIT_OPEN),
    NO_UPSTREAM("no_upstream", Category.NO_UPSTREAM),
    REQUEST_TOO_LARGE("request_too_large", Category.REQUEST_TOO_LARGE),
    INVALID_REQUEST("invalid_request", Category.INVALID_REQUEST);

    private final String label;
    private final Category category;

    Signal(String label, Category category) {
        this.label = label;
        this.category = category;
    }

    public String label() {
        return label;
    }

    /** Where a failure of this identity happens: before there was a connection, before the commit, or after it. */
    public Phase phase(boolean committed) {
        return switch (this) {
            case CONNECT_REFUSED, DNS, TLS, CONNECT_TIMEOUT, POOL_EXHAUSTED -> Phase.CONNECT;
            case CIRCUIT_OPEN, NO_UPSTREAM, REQUEST_TOO_LARGE, INVALID_REQUEST -> Phase.GATEWAY;
            default -> committed ? Phase.MID_STREAM : Phase.PRE_COMMIT;
        };
    }

    /** The category this signal means; before the commit a truncation is a {@code protocol_error}. */
    Category category(boolean committed) {
        return this == TRUNCATED && !committed ? Category.PROTOCOL_ERROR : category;
    }
}

package io.penstock.classify;

/** The coarse name of a failure, for records, metrics and headers. The set is closed: dashboards and alerts rely on it. */
public enum ErrorType {
    BAD_REQUEST("bad_request"),
    UNAUTHORIZED("unauthorized"),
    RATE_LIMITED("rate_limited"),
    OVERLOADED("overloaded"),
    SERVER_ERROR("server_error"),
    TIMEOUT("timeout"),
    UNKNOWN("unknown");

    private final String label;

    ErrorType(String label) {
        this.label = label;
    }

    /** The name as it appears in records, metric labels and the {@code x-penstock-error-type} header. */
    public String label() {
        return label;
    }
}

package io.penstock.classify;

import org.jspecify.annotations.Nullable;

/**
 * What Penstock makes of a captured answer.
 *
 * @param error the failure, or null where there is none
 * @param canceled whether the application left, which is nobody's failure
 * @param phase where it failed, or null where it did not
 * @param committed whether bytes of the answer had gone to the application by then, after which nothing is repeated
 * @param rulesVersion the rules that were asked
 */
public record Explanation(
        @Nullable Classification error,
        boolean canceled,
        @Nullable Phase phase,
        boolean committed,
        String rulesVersion) {

    /** {@code success}, {@code error} or {@code canceled}. */
    public String outcome() {
        return canceled ? "canceled" : error == null ? "success" : "error";
    }
}

package io.penstock.policy;

import java.util.List;
import java.util.Optional;

/** Penstock does not start with a policy file that is wrong. The message is the report to print, and needs no stack trace. */
public final class InvalidPolicyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    InvalidPolicyException(String file, List<Problem> problems) {
        super("The policy file is not usable:\n" + PolicyReport.screen(file, problems));
        this.problems = problems;
    }

    public List<Problem> problems() {
        return problems;
    }

    /** The one among the causes of a failed start, which the container may have wrapped. */
    public static Optional<InvalidPolicyException> among(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidPolicyException invalid) {
                return Optional.of(invalid);
            }
        }
        return Optional.empty();
    }
}

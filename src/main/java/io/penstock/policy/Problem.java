package io.penstock.policy;

/**
 * Something wrong, or doubtful, in a policy file.
 *
 * @param path where, such as {@code upstreams[1].timeouts.connect}
 * @param line the line it stands on, from 1, or 0 where there is none (a missing key of the document itself, say)
 * @param message what is wrong, what would be right, and how to get there, in one sentence; never a secret
 */
public record Problem(Severity severity, String path, int line, String message) {

    /** An error makes the file unusable; a warning does not. */
    public enum Severity {
        ERROR,
        WARNING
    }
}

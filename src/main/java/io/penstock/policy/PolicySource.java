package io.penstock.policy;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** The policy in force. Thread-safe; readers take {@link #current()} once per interception and keep that snapshot. */
public interface PolicySource {

    Policy current();

    /** Calls {@code listener} with each new policy, before it is in force, from a thread that may block. */
    void onChange(Consumer<Policy> listener);

    Status status();

    /**
     * How the last reading of the file went.
     *
     * @param file the policy file's path, or {@code "built-in"}
     * @param version the version in force
     * @param loadedAt when it came into force
     * @param problems what was wrong with the newest content of the file; empty where it is the one in force
     */
    record Status(String file, String version, Instant loadedAt, List<Problem> problems) {
        public boolean upToDate() {
            return problems.isEmpty();
        }
    }
}

package io.penstock.admin;

import jakarta.inject.Singleton;

/** Whether the program serves, or has been told to stop and is only finishing what is under way. Thread-safe. */
@Singleton
public class ServingState {
    private volatile boolean draining;

    /** From now on readiness is down; there is no way back. */
    public void drain() {
        draining = true;
    }

    public boolean draining() {
        return draining;
    }
}

package io.penstock.relay;

import io.penstock.classify.Signal;

/** How a committed answer ended. */
sealed interface PumpEnd {

    /** Its last byte has been handed to the application's connection. */
    record Finished() implements PumpEnd {}

    /** It broke off: the upstream's doing, or a timer's. */
    record Broken(Signal signal, String detail) implements PumpEnd {}
}

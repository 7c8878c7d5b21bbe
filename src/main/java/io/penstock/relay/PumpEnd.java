package io.penstock.relay;

import io.penstock.classify.Classification;
import io.penstock.classify.Signal;

/** How a committed answer ended on the upstream's side. */
sealed interface PumpEnd {

    /** It ended properly; the application's side has not been ended yet. */
    record Ended() implements PumpEnd {}

    /** It told an error that is not for the application, and was ended there. */
    record Withheld(Classification error) implements PumpEnd {}

    /** It broke off: the upstream's doing, or a timer's. */
    record Broken(Signal signal, String detail) implements PumpEnd {}
}

package io.penstock.classify;

import io.penstock.classify.Evidence.Layer;
import java.util.Optional;

/** Failures that are known by identity: a timer, an exception class, something that Penstock itself found missing. */
final class SignalLayer implements EvidenceLayer {

    @Override
    public Optional<Finding> find(Symptoms symptoms) {
        if (symptoms.failure() instanceof Failure.Signalled signalled) {
            Signal signal = signalled.signal();
            return Optional.of(Finding.of(
                    signal.category(symptoms.subject().committed()), Layer.SIGNAL, "signal", signal.label()));
        }
        return Optional.empty();
    }
}

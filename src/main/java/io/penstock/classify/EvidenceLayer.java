package io.penstock.classify;

import java.util.Optional;

/** One kind of evidence. Layers are asked in a fixed order, and the first that is sure decides. Thread-safe. */
@FunctionalInterface
interface EvidenceLayer {

    /** What this evidence says about a failure; empty where it is silent or not sure. */
    Optional<Finding> find(Symptoms symptoms);
}

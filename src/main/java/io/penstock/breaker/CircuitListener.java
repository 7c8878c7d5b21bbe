package io.penstock.breaker;

/** Told of every transition of a circuit, on whichever thread caused it: must return at once. */
@FunctionalInterface
public interface CircuitListener {

    /**
     * A circuit has changed its state.
     *
     * @param upstream the upstream's name
     * @param scope what the circuit covers: {@code "upstream"}, or the model's name
     * @param cause the category of the failure that opened it, or a word for what else moved it
     */
    void transition(String upstream, String scope, CircuitState from, CircuitState to, String cause);
}

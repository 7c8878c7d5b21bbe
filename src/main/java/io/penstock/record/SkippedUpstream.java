package io.penstock.record;

/**
 * An upstream whose turn it was and that was not asked.
 *
 * @param cause the category of the failure that opened its circuit or took its last key out, or what else the circuit says
 */
public record SkippedUpstream(String upstream, Why why, String cause) {

    /** What stood in the way. */
    public enum Why {
        CIRCUIT_OPEN("circuit_open"),
        /** Every key for the model rests. */
        KEYS_OUT("keys_out");

        private final String label;

        Why(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }
}

package io.penstock.classify;

/**
 * The fact that decided a classification.
 *
 * @param layer which layer found it
 * @param field where it stood, such as {@code error.code}, {@code status} or {@code signal}
 * @param value what stood there, cut to a bounded length
 */
public record Evidence(Layer layer, String field, String value) {

    private static final int MAX_VALUE_CHARS = 256;

    static Evidence of(Layer layer, String field, String value) {
        return new Evidence(layer, field, value.substring(0, Math.min(value.length(), MAX_VALUE_CHARS)));
    }

    /** The layers of evidence, in the order in which they are asked; the first that is sure wins. */
    public enum Layer {
        SIGNAL("signal"),
        OPERATOR_RULE("operator_rule"),
        PROVIDER("provider"),
        DEFAULT_RULE("default_rule"),
        STATUS("status"),
        NONE("none");

        private final String label;

        Layer(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /** {@code layer:field=value}, for records and logs. */
    @Override
    public String toString() {
        return layer.label() + ":" + field + "=" + value;
    }
}

package io.penstock.classify;

import io.penstock.classify.Evidence.Layer;

/** What one layer of evidence concludes, and from what. */
record Finding(Category category, Evidence evidence) {

    private static final int MAX_VALUE_CHARS = 256;

    static Finding of(Category category, Layer layer, String field, String value) {
        return new Finding(
                category, new Evidence(layer, field, value.substring(0, Math.min(value.length(), MAX_VALUE_CHARS))));
    }
}

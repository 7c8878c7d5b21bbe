package io.penstock.classify;

import io.penstock.classify.Evidence.Layer;
import org.jspecify.annotations.Nullable;

/**
 * What one layer of evidence concludes, and from what.
 *
 * @param rule the rule that said so, or null
 */
record Finding(
        Category category,
        Reaction reaction,
        Evidence evidence,
        @Nullable Rule rule) {

    static Finding of(Category category, Layer layer, String field, String value) {
        return new Finding(category, category.reaction(), Evidence.of(layer, field, value), null);
    }
}

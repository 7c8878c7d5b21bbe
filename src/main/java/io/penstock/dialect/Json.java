package io.penstock.dialect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import org.jspecify.annotations.Nullable;

/**
 * The JSON reader's settings. Nesting is bounded; strings are not, because a prompt with an image in it is one long
 * string and whoever feeds the reader bounds the document as a whole.
 */
final class Json {
    static final int MAX_DEPTH = 1_000;

    private static volatile @Nullable JsonFactory factory;

    private Json() {}

    /** Made on first use: the factory holds a random hash seed, which must not be baked into a native image. */
    static JsonFactory factory() {
        JsonFactory made = factory;
        if (made == null) {
            made = JsonFactory.builder()
                    // Field names come from peers: interning them would fill the VM's string table for good.
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build();
            factory = made;
        }
        return made;
    }
}

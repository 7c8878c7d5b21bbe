package io.penstock.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a provider's error body said, in whatever shape it said it. All texts are cut to bounded lengths.
 *
 * @param kind what sort of body it was read from
 * @param code {@code error.code} as text, numbers included
 * @param type {@code error.type}, or the exception's name
 * @param status the gRPC status name of Google's envelope, such as {@code RESOURCE_EXHAUSTED}
 * @param param {@code error.param}: the request field that the provider names
 * @param message the human sentence
 * @param reasons {@code details[].reason} and the like, in the order of their appearance
 */
public record ProviderError(
        Kind kind,
        @Nullable String code,
        @Nullable String type,
        @Nullable String status,
        @Nullable String param,
        @Nullable String message,
        List<String> reasons) {

    public static final ProviderError ABSENT = new ProviderError(Kind.ABSENT, null, null, null, null, null, List.of());

    /** The sort of body an error was read from. */
    public enum Kind {
        /** There was no body, or only white space. */
        ABSENT,
        /** JSON with an error in it that could be read. */
        STRUCTURED,
        /** JSON in which no error was found. */
        JSON,
        HTML,
        /** Anything else. */
        TEXT
    }
}

package io.penstock.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a provider's error body said, in whatever shape it said it. All texts are cut to bounded lengths.
 *
 * @param kind what sort of body it was read from
 * @param code {@code error.code} as text, numbers included
 * @param type {@code error.type}, or the exception's name
 * @param status the gRPC status name of Google's envelope, such as {@code RESOURCE_EXHAUSTED}, or the HTTP status that the
 *     body repeats apart from its code
 * @param param {@code error.param}: the request field that the provider names
 * @param message the human sentence
 * @param reasons {@code details[].reason} and the like, in the order of their appearance
 * @param waits what the body says about when to ask again, in the order of its appearance
 * @param body the whole body as text, cut to 16 Ki characters, for rules that look at it; empty where there was none
 */
public record ProviderError(
        Kind kind,
        @Nullable String code,
        @Nullable String type,
        @Nullable String status,
        @Nullable String param,
        @Nullable String message,
        List<String> reasons,
        List<Wait> waits,
        String body) {

    public static final ProviderError ABSENT =
            new ProviderError(Kind.ABSENT, null, null, null, null, null, List.of(), "");

    /** The HTTP error status that a code is, 0 where it is none. */
    public static int statusCode(@Nullable String code) {
        if (code == null || code.length() != 3 || !code.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        int status = Integer.parseInt(code);
        return status >= 400 && status <= 599 ? status : 0;
    }

    /** The longest body that is kept for rules, in UTF-16 units. */
    public static final int MAX_BODY = 16 * 1024;

    /** An error that says nothing about when to ask again. */
    public ProviderError(
            Kind kind,
            @Nullable String code,
            @Nullable String type,
            @Nullable String status,
            @Nullable String param,
            @Nullable String message,
            List<String> reasons,
            String body) {
        this(kind, code, type, status, param, message, reasons, List.of(), body);
    }

    /**
     * A field of the body that says when to ask again.
     *
     * @param field its name, as the provider writes it
     * @param value what stands there, cut to a bounded length
     */
    public record Wait(String field, String value) {}

    /** The same error, with the text that it was read from, which is cut. */
    ProviderError withBody(String text) {
        return new ProviderError(kind, code, type, status, param, message, reasons, waits, Texts.cut(text, MAX_BODY));
    }

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

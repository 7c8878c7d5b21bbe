package io.penstock.classify;

import io.penstock.dialect.ProviderError;
import io.penstock.dialect.ProviderError.Kind;
import java.util.Locale;

/**
 * The part of a provider's message that is the provider's own words: in lower case, white space run together, and without
 * what stands in quotation marks, because providers quote the request there.
 */
final class Prose {

    private static final String QUOTES = "\"`'";

    private Prose() {}

    /** A page is made for people and says nothing sure; a body that names a request field speaks about the request. */
    static String of(ProviderError error) {
        String message = error.message();
        return message == null || error.kind() == Kind.HTML || error.param() != null ? "" : of(message);
    }

    static String of(String message) {
        String text = message.toLowerCase(Locale.ROOT)
                .replace('\u2018', '\'')
                .replace('\u2019', '\'')
                .replace('\u201c', '"')
                .replace('\u201d', '"');
        for (int i = 0; i < QUOTES.length(); i++) {
            text = withoutQuoted(text, QUOTES.charAt(i));
        }
        return text.replaceAll("\\s+", " ").strip();
    }

    /**
     * Leaves out everything from the first opening to the last closing mark: what is quoted may hold marks of its own, and
     * losing a few of the provider's words is better than believing the caller's. A mark inside a word is an apostrophe.
     */
    private static String withoutQuoted(String text, char quote) {
        int open = text.indexOf(quote);
        while (open > 0 && Character.isLetterOrDigit(text.charAt(open - 1))) {
            open = text.indexOf(quote, open + 1);
        }
        if (open < 0) {
            return text;
        }
        int close = text.lastIndexOf(quote);
        while (close > open && close + 1 < text.length() && Character.isLetterOrDigit(text.charAt(close + 1))) {
            close = text.lastIndexOf(quote, close - 1);
        }
        return close > open ? text.substring(0, open) + ' ' + text.substring(close + 1) : text.substring(0, open);
    }
}

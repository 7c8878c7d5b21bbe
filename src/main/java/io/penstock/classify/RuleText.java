package io.penstock.classify;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A text as rules see it: cut to a bounded length, in lower case, every run of white space one space. Used by one thread.
 */
final class RuleText {
    /** The longest text that a rule looks at, in UTF-16 units. */
    static final int MAX_LENGTH = 16 * 1024;

    /** Shorter texts are searched through faster than an index of them is made. */
    private static final int WORTH_AN_INDEX = 512;

    static final RuleText EMPTY = new RuleText("");

    private final String plain;
    private @Nullable String masked;
    private @Nullable Trigrams index;

    private RuleText(String plain) {
        this.plain = plain;
    }

    static RuleText of(String text) {
        return new RuleText(normal(text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text));
    }

    String plain() {
        return plain;
    }

    /** The text with all digits masked that are not numbers by themselves. */
    String masked() {
        if (masked == null) {
            masked = NumberMask.mask(plain);
        }
        return masked;
    }

    /**
     * False where a word surely does not occur in {@link #plain}.
     *
     * @param trigrams the word's
     */
    boolean mayHold(int[] trigrams) {
        if (plain.length() < WORTH_AN_INDEX) {
            return true;
        }
        if (index == null) {
            index = new Trigrams(plain);
        }
        return index.mayHold(trigrams);
    }

    /** Lower case, white space single. */
    static String normal(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        StringBuilder out = null;
        boolean space = false;
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            boolean isSpace = Character.isWhitespace(c) || c == '\u00A0';
            boolean drop = isSpace && space;
            if (out == null && (drop || (isSpace && c != ' '))) {
                out = new StringBuilder(lower.length()).append(lower, 0, i);
            }
            if (out != null && !drop) {
                out.append(isSpace ? ' ' : c);
            }
            space = isSpace;
        }
        return out == null ? lower : out.toString();
    }
}

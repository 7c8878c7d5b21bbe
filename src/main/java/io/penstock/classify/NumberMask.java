package io.penstock.classify;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;

/**
 * Tells numbers that stand alone ({@code HTTP 529 from}, {@code "code":529}) from digits inside something else: a price,
 * a decimal, an id, a date, a version, a quantity with its unit, a URL. The latter are masked, so that a pattern's number
 * cannot meet them. A masked digit is a capital letter, which text in lower case has no other use for, and which remains a
 * word character, so that {@code \b} keeps its meaning beside it. Linear in the length of the text.
 */
final class NumberMask {
    private static final String CURRENCIES = "$€£¥₹₩₽";
    private static final String DELIMITERS = "\"'`<>()";

    /** Scripts that put no space between words leave none around a number either. */
    private static final Set<UnicodeScript> UNSPACED = EnumSet.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.HANGUL,
            UnicodeScript.THAI,
            // The prolonged sound mark of Japanese, among others.
            UnicodeScript.COMMON);

    private final String text;
    private final char[] masked;
    private boolean changed;
    /** The run of characters without a delimiter that was looked at last. */
    private int tokenEnd;

    private boolean tokenIsAddress;

    private NumberMask(String text) {
        this.text = text;
        this.masked = text.toCharArray();
    }

    /** The mask of a digit. */
    static char masked(char digit) {
        return (char) (digit - '0' + 'A');
    }

    /** @param text in lower case */
    static String mask(String text) {
        NumberMask mask = new NumberMask(text);
        mask.run();
        return mask.changed ? new String(mask.masked) : text;
    }

    private void run() {
        int i = 0;
        while (i < masked.length) {
            if (i >= tokenEnd) {
                enterToken(i);
            }
            if (!digit(masked[i])) {
                i++;
                continue;
            }
            int end = i + 1;
            while (digit(at(end))) {
                end++;
            }
            if (tokenIsAddress || embeddedBefore(i) || embeddedAfter(end)) {
                changed = true;
                for (int j = i; j < end; j++) {
                    masked[j] = masked(masked[j]);
                }
            }
            i = end;
        }
    }

    private void enterToken(int start) {
        int end = start;
        while (end < masked.length && !delimiter(masked[end])) {
            end++;
        }
        tokenEnd = Math.max(end, start + 1);
        tokenIsAddress =
                text.startsWith("/", start) || text.substring(start, end).contains("://");
    }

    private boolean embeddedBefore(int start) {
        char before = at(start - 1);
        char further = at(start - 2);
        return switch (before) {
            case '.', '-' -> word(further);
            case ',', ':' -> digit(further);
            default -> word(before) || CURRENCIES.indexOf(before) >= 0;
        };
    }

    private boolean embeddedAfter(int end) {
        char after = at(end);
        char further = at(end + 1);
        return switch (after) {
            case '.', ',', ':' -> digit(further);
            case '-' -> word(further);
            case '%' -> true;
            default -> word(after) || CURRENCIES.indexOf(after) >= 0;
        };
    }

    private char at(int index) {
        return index >= 0 && index < text.length() ? text.charAt(index) : ' ';
    }

    private static boolean delimiter(char c) {
        return c <= ' ' || DELIMITERS.indexOf(c) >= 0;
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean word(char c) {
        if (c < 128) {
            return digit(c) || (c >= 'a' && c <= 'z') || c == '_';
        }
        return Character.isLetter(c) && !UNSPACED.contains(UnicodeScript.of(c));
    }
}

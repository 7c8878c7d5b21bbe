package io.penstock.dialect;

/** Bounds what is kept of a peer's text. */
final class Texts {
    private Texts() {}

    /** Cuts to a number of UTF-16 units, never inside a surrogate pair. */
    static String cut(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max);
    }
}

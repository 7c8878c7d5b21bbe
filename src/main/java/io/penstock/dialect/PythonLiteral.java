package io.penstock.dialect;

import org.jspecify.annotations.Nullable;

/**
 * Rewrites a dictionary as Python prints it into JSON: gateways written in Python put the error of the provider behind them
 * into their own message that way, {@code {'error': {'message': 'it\'s full', 'param': None}}} or as
 * {@code b'{"error":…}'}. One pass, never throws; what stands after the literal is dropped with it.
 */
final class PythonLiteral {
    private final String text;
    private final StringBuilder json;
    private int at;

    private PythonLiteral(String text, int start) {
        this.text = text;
        this.json = new StringBuilder(text.length() - start);
        this.at = start;
    }

    /** The JSON of the dictionary that begins at an opening brace; cut off where the text is. */
    static String dictionary(String text, int start) {
        PythonLiteral literal = new PythonLiteral(text, start);
        literal.dictionary();
        return literal.json.toString();
    }

    /** What stands in the bytes literal, {@code b'…'}, whose quotation mark is at a place; null where none is there. */
    static @Nullable String bytes(String text, int quote) {
        if (quote >= text.length() || (text.charAt(quote) != '\'' && text.charAt(quote) != '"')) {
            return null;
        }
        StringBuilder content = new StringBuilder();
        int at = quote + 1;
        while (at < text.length() && text.charAt(at) != text.charAt(quote)) {
            at = unescape(text, at, content);
        }
        return content.toString();
    }

    private void dictionary() {
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\'' || c == '"') {
                string(c);
                continue;
            }
            if (Character.isLetter(c)) {
                word();
                continue;
            }
            json.append(c);
            at++;
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            if (depth == 0) {
                return;
            }
        }
    }

    private void string(char quote) {
        StringBuilder content = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != quote) {
            at = unescape(text, at, content);
        }
        json.append('"');
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        // A string that the text's end cuts off stays open, for whoever reads JSON that was cut.
        if (at < text.length()) {
            json.append('"');
            at++;
        }
    }

    private void word() {
        int start = at;
        while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
            at++;
        }
        String word = text.substring(start, at);
        json.append(
                switch (word) {
                    case "None" -> "null";
                    case "True" -> "true";
                    case "False" -> "false";
                    default -> word;
                });
    }

    /** Appends the character at a place, with its escape resolved; gives the place after it. */
    private static int unescape(String text, int at, StringBuilder into) {
        char c = text.charAt(at);
        if (c != '\\' || at + 1 == text.length()) {
            into.append(c);
            return at + 1;
        }
        char escaped = text.charAt(at + 1);
        int digits = escaped == 'x' ? 2 : escaped == 'u' ? 4 : 0;
        if (digits > 0) {
            int value = hexadecimal(text, at + 2, digits);
            if (value >= 0) {
                into.append((char) value);
                return at + 2 + digits;
            }
        }
        into.append(
                switch (escaped) {
                    case 'n' -> '\n';
                    case 't' -> '\t';
                    case 'r' -> '\r';
                    default -> escaped;
                });
        return at + 2;
    }

    private static int hexadecimal(String text, int from, int digits) {
        if (from + digits > text.length()) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            value = value * 16 + digit;
        }
        return value;
    }
}

package io.penstock.telemetry;

/**
 * One line of {@code key=value} pairs. A value is quoted where it has to be, and nothing in it can end the line or pose as
 * another pair: whatever is not printable is escaped as in JSON.
 */
final class Logfmt {
    private final StringBuilder line = new StringBuilder(512);

    /**
     * Adds a pair.
     *
     * @param key a word without spaces, quotes and equals signs
     */
    Logfmt pair(String key, String value) {
        if (!line.isEmpty()) {
            line.append(' ');
        }
        line.append(key).append('=');
        if (isPlain(value)) {
            line.append(value);
        } else {
            quote(value);
        }
        return this;
    }

    @Override
    public String toString() {
        return line.toString();
    }

    private static boolean isPlain(String value) {
        return !value.isEmpty() && value.codePoints().allMatch(c -> c > ' ' && c != '=' && isPrintable(c));
    }

    private void quote(String value) {
        line.append('"');
        value.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (isPrintable(c)) {
                        line.appendCodePoint(c);
                    } else {
                        escape(c);
                    }
                }
            }
        });
        line.append('"');
    }

    private void escape(int codePoint) {
        for (char unit : Character.toChars(codePoint)) {
            line.append(String.format("\\u%04x", (int) unit));
        }
    }

    /** Besides controls: line and paragraph separators, invisible and direction-changing characters, lone surrogates. */
    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> codePoint != '"' && codePoint != '\\';
        };
    }
}

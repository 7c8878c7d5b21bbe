package io.penstock.classify;

import io.penstock.classify.RegexNode.Char;
import io.penstock.classify.RegexNode.Choice;
import io.penstock.classify.RegexNode.Group;
import io.penstock.classify.RegexNode.Mark;
import io.penstock.classify.RegexNode.Repeat;
import io.penstock.classify.RegexNode.Sequence;
import io.penstock.classify.RegexNode.Set;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a pattern that re2j has accepted into its syntax tree (RE2's syntax, https://github.com/google/re2/wiki/Syntax).
 * Literals come out in lower case, because rules are asked without regard to case, on text in lower case.
 */
final class RegexParser {
    private static final Pattern QUANTIFIER = Pattern.compile("(?:[*+?]|\\{(\\d{1,4})(?:,\\d{0,4})?})\\??");
    private static final Pattern GROUP_OPEN =
            Pattern.compile("\\((?:\\?(?:P?<(?![=!])[^>]*>|(?<flags>[imsU-]*)(?<end>[:)])))?");
    private static final Pattern CODE_POINT =
            Pattern.compile("\\\\(?:x\\{([0-9A-Fa-f]{1,6})}|x([0-9A-Fa-f]{2})|0?([0-7]{1,3}))");
    private static final Pattern PROPERTY = Pattern.compile("\\\\[pP](?:\\{[^}]*}|.)");
    private static final String CONTROLS = "aftnrv";
    private static final String CONTROL_VALUES = "\u0007\f\t\n\r\u000B";

    private final String source;
    private int at;

    private RegexParser(String source) {
        this.source = source;
    }

    static Choice parse(String regex) {
        return new RegexParser(regex).choice();
    }

    /** A text that stands for itself, whatever characters are in it. */
    static Choice literal(String text) {
        List<RegexNode> chars = new ArrayList<>();
        text.codePoints().forEach(c -> chars.add(character(c)));
        return new Choice(List.of(new Sequence(chars)));
    }

    private Choice choice() {
        List<Sequence> branches = new ArrayList<>();
        branches.add(sequence());
        while (at < source.length() && source.charAt(at) == '|') {
            at++;
            branches.add(sequence());
        }
        return new Choice(List.copyOf(branches));
    }

    private Sequence sequence() {
        List<RegexNode> nodes = new ArrayList<>();
        while (at < source.length() && source.charAt(at) != '|' && source.charAt(at) != ')') {
            if (source.startsWith("\\Q", at)) {
                quoted(nodes);
            } else {
                nodes.add(atom());
            }
            repeatLast(nodes);
        }
        return new Sequence(List.copyOf(nodes));
    }

    /** Flags are no element: what is repeated after them is what stands before them. */
    private void repeatLast(List<RegexNode> nodes) {
        Matcher quantifier = QUANTIFIER.matcher(source).region(at, source.length());
        if (!quantifier.lookingAt()) {
            return;
        }
        int last = nodes.size() - 1;
        while (last >= 0 && nodes.get(last) instanceof Mark mark && mark.flags()) {
            last--;
        }
        if (last >= 0) {
            at = quantifier.end();
            nodes.set(last, new Repeat(nodes.get(last), quantifier.group(), optional(quantifier)));
        }
    }

    private static boolean optional(Matcher quantifier) {
        String least = quantifier.group(1);
        return least == null ? quantifier.group().charAt(0) != '+' : Integer.parseInt(least) == 0;
    }

    private void quoted(List<RegexNode> nodes) {
        int from = at + 2;
        int end = source.indexOf("\\E", from);
        String text = end < 0 ? source.substring(from) : source.substring(from, end);
        text.codePoints().forEach(c -> nodes.add(character(c)));
        at = end < 0 ? source.length() : end + 2;
    }

    private RegexNode atom() {
        return switch (source.charAt(at)) {
            case '(' -> group();
            case '[' -> new ClassReader().read();
            case '.' -> set(1, ".", ".", false, false);
            case '^', '$' -> mark(1);
            case '\\' -> escape();
            default -> {
                int c = source.codePointAt(at);
                at += Character.charCount(c);
                yield character(c);
            }
        };
    }

    private RegexNode group() {
        Matcher open = GROUP_OPEN.matcher(source).region(at, source.length());
        if (!open.lookingAt()) {
            throw new IllegalArgumentException("unexpected group at " + at + ": " + source);
        }
        at = open.end();
        String flags = open.group("flags");
        if (flags == null) {
            return closed("(");
        }
        // Case never counts, so there is nothing to switch.
        String kept = flags.replace("i", "");
        String wanted = kept.equals("-") ? "" : kept;
        if (open.group("end").equals(")")) {
            return new Mark(wanted.isEmpty() ? "" : "(?" + wanted + ")");
        }
        return closed("(?" + wanted + ":");
    }

    private Group closed(String open) {
        Choice body = choice();
        at++;
        return new Group(open, body);
    }

    private RegexNode escape() {
        String written = source.substring(at, at + 2);
        return switch (written.charAt(1)) {
            case 'd' -> set(2, "\\d", "[0-9A-J]", true, true);
            case 'D' -> set(2, "\\D", "[^0-9A-J]", false, false);
            case 'w', 'W', 's', 'S', 'C' -> set(2, written, written, false, false);
            case 'b', 'B', 'A', 'z' -> mark(2);
            default -> propertyOrCharacter();
        };
    }

    private RegexNode propertyOrCharacter() {
        Matcher property = PROPERTY.matcher(source).region(at, source.length());
        return property.lookingAt()
                ? set(property.end() - at, property.group(), property.group(), false, false)
                : character(escapedCharacter());
    }

    /** The character that an escape stands for, inside a class or outside. */
    private int escapedCharacter() {
        Matcher code = CODE_POINT.matcher(source).region(at, source.length());
        if (code.lookingAt()) {
            at = code.end();
            String hex = code.group(1) != null ? code.group(1) : code.group(2);
            return hex != null ? Integer.parseInt(hex, 16) : Integer.parseInt(code.group(3), 8);
        }
        int control = CONTROLS.indexOf(source.charAt(at + 1));
        int c = control >= 0 ? CONTROL_VALUES.charAt(control) : source.codePointAt(at + 1);
        at += 1 + (control >= 0 ? 1 : Character.charCount(c));
        return c;
    }

    private RegexNode mark(int length) {
        at += length;
        return new Mark(source.substring(at - length, at));
    }

    private Set set(int length, String plain, String withMasked, boolean digitsOnly, boolean anyDigit) {
        at += length;
        return new Set(plain, withMasked, digitsOnly, anyDigit);
    }

    /** White space in a text has become single spaces by the time rules are asked. */
    private static Char character(int c) {
        return new Char(Character.isWhitespace(c) ? ' ' : Character.toLowerCase(c));
    }

    /** Reads one bracketed class. */
    private final class ClassReader {
        private static final Pattern NAMED = Pattern.compile("\\[:\\^?[a-z]+:]");

        private final StringBuilder plain = new StringBuilder("[");
        private final StringBuilder masked = new StringBuilder("[");
        private boolean digitsOnly = true;
        private int digits;

        RegexNode read() {
            at++;
            boolean negated = source.charAt(at) == '^';
            if (negated) {
                both("^");
                at++;
            }
            boolean first = true;
            while (first || source.charAt(at) != ']') {
                first = false;
                element();
            }
            at++;
            both("]");
            return new Set(plain.toString(), masked.toString(), digitsOnly && !negated, digits == 10 || negated);
        }

        private void element() {
            Matcher named = NAMED.matcher(source).region(at, source.length());
            if (named.lookingAt()) {
                at = named.end();
                shorthand(named.group().replace("upper", "lower"), named.group().equals("[:digit:]"));
            } else if (source.charAt(at) == '\\' && "dDwWsSpP".indexOf(source.charAt(at + 1)) >= 0) {
                Matcher property = PROPERTY.matcher(source).region(at, source.length());
                int end = property.lookingAt() ? property.end() : at + 2;
                String written = source.substring(at, end);
                at = end;
                shorthand(written, written.equals("\\d"));
            } else {
                int low = character();
                int high = low;
                if (source.charAt(at) == '-' && source.charAt(at + 1) != ']') {
                    at++;
                    high = character();
                }
                range(low, high);
            }
        }

        private int character() {
            if (source.charAt(at) == '\\') {
                return escapedCharacter();
            }
            int c = source.codePointAt(at);
            at += Character.charCount(c);
            return c;
        }

        private void shorthand(String written, boolean allDigits) {
            both(written);
            if (allDigits) {
                masked.append("A-J");
                digits = 10;
            } else {
                digitsOnly = false;
            }
        }

        private void range(int low, int high) {
            boolean upperCase = low >= 'A' && high <= 'Z';
            both(written(upperCase ? Character.toLowerCase(low) : low)
                    + '-'
                    + written(upperCase ? Character.toLowerCase(high) : high));
            int from = Math.max(low, '0');
            int to = Math.min(high, '9');
            if (from <= to) {
                digits += to - from + 1;
                masked.append(NumberMask.masked((char) from)).append('-').append(NumberMask.masked((char) to));
            }
            digitsOnly &= low >= '0' && high <= '9';
        }

        private void both(String text) {
            plain.append(text);
            masked.append(text);
        }

        private static String written(int c) {
            return String.format("\\x{%x}", c);
        }
    }
}

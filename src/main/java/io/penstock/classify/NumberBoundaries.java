package io.penstock.classify;

import io.penstock.classify.RegexNode.Char;
import io.penstock.classify.RegexNode.Choice;
import io.penstock.classify.RegexNode.Group;
import io.penstock.classify.RegexNode.Mark;
import io.penstock.classify.RegexNode.Repeat;
import io.penstock.classify.RegexNode.Set;
import java.util.List;
import java.util.function.Function;

/**
 * Writes a pattern anew so that each number in it matches that number alone, on text that {@link NumberMask} has gone over:
 * a word boundary goes to each free side of a number, and masked digits match only where the pattern itself says what the
 * number is part of ({@code gpt-4}, {@code 5\.0}). A pattern without numbers is only brought into lower case.
 */
final class NumberBoundaries {
    /** Nothing, or nothing that is known, stands there. */
    private static final String UNKNOWN = "";

    /** How many characters beside a number tell what it is part of. */
    private static final int CONTEXT = 2;

    private final StringBuilder regex = new StringBuilder();
    private final boolean masked;

    private NumberBoundaries(boolean masked) {
        this.masked = masked;
    }

    /** Whether the pattern names a number. */
    static boolean namesNumber(Choice pattern) {
        return pattern.branches().stream()
                .flatMap(branch -> branch.nodes().stream())
                .anyMatch(NumberBoundaries::namesNumber);
    }

    /** @param masked whether the text it will be asked on is masked; so it must be where the pattern names a number */
    static String write(Choice pattern, boolean masked) {
        NumberBoundaries writer = new NumberBoundaries(masked);
        writer.choice(pattern, UNKNOWN, UNKNOWN);
        return writer.regex.toString();
    }

    private void choice(Choice choice, String before, String after) {
        for (int i = 0; i < choice.branches().size(); i++) {
            if (i > 0) {
                regex.append('|');
            }
            sequence(choice.branches().get(i).nodes(), before, after);
        }
    }

    private void sequence(List<RegexNode> nodes, String before, String after) {
        int i = 0;
        while (i < nodes.size()) {
            int numberEnd = numberEnd(nodes, i);
            int end = Math.max(numberEnd, i + 1);
            String textBefore = i == 0 ? before : lastText(nodes.subList(0, i));
            String textAfter = end == nodes.size() ? after : firstText(nodes.subList(end, nodes.size()));
            if (numberEnd > i) {
                number(nodes.subList(i, end), textBefore, textAfter);
            } else {
                node(nodes.get(i), textBefore, textAfter);
            }
            i = end;
        }
    }

    /** Where the number ends that begins here; here, where none does. */
    private int numberEnd(List<RegexNode> nodes, int start) {
        int end = start;
        boolean named = false;
        while (masked && end < nodes.size() && isDigits(nodes.get(end))) {
            named |= namesNumber(nodes.get(end));
            end++;
        }
        return named ? end : start;
    }

    private void number(List<RegexNode> digits, String before, String after) {
        boolean partBefore = joins(new StringBuilder(before).reverse().toString());
        boolean partAfter = joins(after);
        if (!partBefore) {
            regex.append("\\b");
        }
        for (RegexNode digit : digits) {
            digit(digit, partBefore || partAfter);
        }
        if (!partAfter) {
            regex.append("\\b");
        }
    }

    private void digit(RegexNode node, boolean orMasked) {
        if (node instanceof Char c) {
            char digit = (char) c.codePoint();
            regex.append(orMasked ? "[" + digit + NumberMask.masked(digit) + "]" : String.valueOf(digit));
        } else if (node instanceof Set set) {
            regex.append(orMasked ? set.withMasked() : set.source());
        } else if (node instanceof Repeat repeat) {
            digit(repeat.node(), orMasked);
            regex.append(repeat.quantifier());
        }
    }

    private void node(RegexNode node, String before, String after) {
        if (node instanceof Char c) {
            literal(c.codePoint());
        } else if (node instanceof Set set) {
            regex.append(masked ? set.withMasked() : set.source());
        } else if (node instanceof Mark mark) {
            regex.append(mark.source());
        } else if (node instanceof Repeat repeat) {
            // Flags may stand between two quantifiers; without them the two would be one too many.
            boolean nested = repeat.node() instanceof Repeat;
            regex.append(nested ? "(?:" : "");
            node(repeat.node(), UNKNOWN, UNKNOWN);
            regex.append(nested ? ")" : "").append(repeat.quantifier());
        } else if (node instanceof Group group) {
            regex.append(group.open());
            choice(group.body(), before, after);
            regex.append(')');
        }
    }

    private void literal(int codePoint) {
        if (codePoint < 128 && !Character.isLetterOrDigit(codePoint) && codePoint != '_') {
            regex.append(String.format("\\x{%x}", codePoint));
        } else {
            regex.appendCodePoint(codePoint);
        }
    }

    private static boolean isDigits(RegexNode node) {
        if (node instanceof Repeat repeat) {
            return isDigits(repeat.node());
        }
        return node instanceof Char c ? c.digit() : node instanceof Set set && set.digitsOnly();
    }

    private static boolean namesNumber(RegexNode node) {
        if (node instanceof Char c) {
            return c.digit();
        }
        if (node instanceof Set set) {
            return set.digitsOnly() && !set.anyDigit();
        }
        if (node instanceof Repeat repeat) {
            return namesNumber(repeat.node());
        }
        return node instanceof Group group && namesNumber(group.body());
    }

    /**
     * Whether a number with this text beside it is, by the pattern's own word, part of something larger.
     *
     * @param neighbour the nearest character first
     */
    private static boolean joins(String neighbour) {
        if (neighbour.isEmpty()) {
            return false;
        }
        char near = neighbour.charAt(0);
        char further = neighbour.length() > 1 ? neighbour.charAt(1) : ' ';
        return switch (near) {
            case '_' -> true;
            case '-' -> Character.isLetterOrDigit(further);
            case '.', ',' -> Character.isDigit(further);
            default -> Character.isLetterOrDigit(near);
        };
    }

    /** The text with which these nodes surely begin, as far as it matters to a number before them. */
    private static String firstText(List<RegexNode> nodes) {
        StringBuilder text = new StringBuilder();
        for (RegexNode node : nodes) {
            if (!(node instanceof Char c) || text.length() == CONTEXT) {
                return text.isEmpty() && node instanceof Group group
                        ? joining(group, NumberBoundaries::firstText)
                        : text.toString();
            }
            text.appendCodePoint(c.codePoint());
        }
        return text.toString();
    }

    /** The text with which these nodes surely end. */
    private static String lastText(List<RegexNode> nodes) {
        StringBuilder text = new StringBuilder();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            RegexNode node = nodes.get(i);
            if (!(node instanceof Char c) || text.length() == CONTEXT) {
                return text.isEmpty() && node instanceof Group group
                        ? joining(group, NumberBoundaries::lastText)
                        : text.toString();
            }
            text.insert(0, Character.toString(c.codePoint()));
        }
        return text.toString();
    }

    /** Of a group's branches one that a number would join, where there is one. */
    private static String joining(Group group, Function<List<RegexNode>, String> edge) {
        return group.body().branches().stream()
                .map(branch -> edge.apply(branch.nodes()))
                .filter(text -> !text.isEmpty() && (Character.isLetterOrDigit(text.charAt(0)) || text.endsWith("_")))
                .findFirst()
                .orElse(UNKNOWN);
    }
}

package io.penstock.classify;

import java.util.List;

/** The syntax tree of a rule's pattern, as far as numbers and required words have to be seen in it. */
sealed interface RegexNode {

    /** One character that stands for itself. */
    record Char(int codePoint) implements RegexNode {
        boolean digit() {
            return codePoint >= '0' && codePoint <= '9';
        }
    }

    /**
     * One character of a set, such as {@code .}, {@code \d} or {@code [45]}.
     *
     * @param source how it is written, in lower case where case would matter
     * @param withMasked the same, taking masked digits for digits ({@link NumberMask})
     * @param digitsOnly whether it holds nothing but digits
     * @param anyDigit whether it holds all digits, so that it does not name a number
     */
    record Set(String source, String withMasked, boolean digitsOnly, boolean anyDigit) implements RegexNode {}

    /** What matches a place rather than a character, and flags; {@code source} as written. */
    record Mark(String source) implements RegexNode {
        boolean flags() {
            return source.isEmpty() || source.startsWith("(?");
        }
    }

    /**
     * A repeated node.
     *
     * @param quantifier as written, such as {@code *?} or <code>{2,3}</code>
     * @param optional whether it may be left out
     */
    record Repeat(RegexNode node, String quantifier, boolean optional) implements RegexNode {}

    /** @param open how it begins: {@code (}, {@code (?:}, {@code (?s:} … */
    record Group(String open, Choice body) implements RegexNode {}

    record Sequence(List<RegexNode> nodes) implements RegexNode {}

    /** Alternatives; most often one. */
    record Choice(List<Sequence> branches) implements RegexNode {}
}

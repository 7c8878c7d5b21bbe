package io.penstock.classify;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.penstock.classify.RegexNode.Char;
import io.penstock.classify.RegexNode.Choice;
import org.jspecify.annotations.Nullable;

/**
 * A rule's pattern, ready to be asked. Linear in the length of the text whatever the pattern is; without regard to case;
 * its numbers match whole numbers only ({@link NumberBoundaries}). Immutable and thread-safe.
 */
final class RulePattern {
    private final RequiredWords words;
    private final boolean numbers;
    /** What decides; null where the required words are the whole pattern. */
    private final @Nullable Pattern regex;

    private final @Nullable String whole;

    /** What came of a pattern. */
    sealed interface Reading {

        record Good(RulePattern pattern) implements Reading {}

        /** @param why half a sentence that says what is wrong with it */
        record Bad(String why) implements Reading {}
    }

    private RulePattern(Choice syntax, @Nullable String whole) {
        this.words = RequiredWords.of(syntax);
        this.numbers = NumberBoundaries.namesNumber(syntax);
        this.whole = whole;
        this.regex = whole != null || (!numbers && plainText(syntax))
                ? null
                : Pattern.compile(NumberBoundaries.write(syntax, numbers));
    }

    static Reading read(RuleMatch match, String pattern) {
        return switch (match) {
            case REGEX -> regex(pattern);
            case CONTAINS -> new Reading.Good(new RulePattern(RegexParser.literal(RuleText.normal(pattern)), null));
            case EXACT -> {
                String whole = RuleText.normal(pattern).strip();
                yield new Reading.Good(new RulePattern(RegexParser.literal(whole), whole));
            }
        };
    }

    private static Reading regex(String pattern) {
        try {
            Pattern.compile(pattern);
            return new Reading.Good(new RulePattern(RegexParser.parse(pattern), null));
        } catch (PatternSyntaxException e) {
            return new Reading.Bad(e.getDescription() + (e.getPattern().isEmpty() ? "" : ": " + e.getPattern()));
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            return new Reading.Bad("uses a construct that rules cannot have");
        }
    }

    boolean matches(RuleText text) {
        if (whole != null) {
            return text.plain().strip().equals(whole);
        }
        return words.foundIn(text)
                && (regex == null
                        || regex.matcher(numbers ? text.masked() : text.plain()).find());
    }

    private static boolean plainText(Choice syntax) {
        return syntax.branches().stream()
                .allMatch(branch ->
                        !branch.nodes().isEmpty() && branch.nodes().stream().allMatch(node -> node instanceof Char));
    }
}

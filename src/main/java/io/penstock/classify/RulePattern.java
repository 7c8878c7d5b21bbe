package io.penstock.classify;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.penstock.classify.RegexNode.Char;
import io.penstock.classify.RegexNode.Choice;
import io.penstock.classify.RegexNode.Mark;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A rule's pattern, ready to be asked. Linear in the length of the text whatever the pattern is; without regard to case;
 * its numbers match whole numbers only ({@link NumberBoundaries}). Immutable and thread-safe.
 */
final class RulePattern {
    private final List<Branch> branches;
    private final @Nullable String whole;

    /**
     * One of a pattern's alternatives, with an automaton of its own: only those whose words are in a text run over it.
     *
     * @param masked whether it names a number, so that the text is asked without the numbers that are none
     * @param regex what decides; null where the required words are all there is to it
     */
    private record Branch(
            RequiredWords words, boolean masked, @Nullable Pattern regex) {

        static Branch of(Choice syntax) {
            boolean masked = NumberBoundaries.namesNumber(syntax);
            return new Branch(
                    RequiredWords.of(syntax),
                    masked,
                    !masked && plainText(syntax) ? null : Pattern.compile(NumberBoundaries.write(syntax, masked)));
        }

        boolean matches(RuleText text) {
            return words.foundIn(text)
                    && (regex == null
                            || regex.matcher(masked ? text.masked() : text.plain())
                                    .find());
        }
    }

    /** What came of a pattern. */
    sealed interface Reading {

        record Good(RulePattern pattern) implements Reading {}

        /** @param why half a sentence that says what is wrong with it */
        record Bad(String why) implements Reading {}
    }

    private RulePattern(List<Branch> branches, @Nullable String whole) {
        this.branches = branches;
        this.whole = whole;
    }

    private static Reading good(Choice syntax) {
        return new Reading.Good(
                new RulePattern(alternatives(syntax).map(Branch::of).toList(), null));
    }

    /** Flags that stand at the top hold for the alternatives behind them too. */
    private static Stream<Choice> alternatives(Choice syntax) {
        boolean flags = syntax.branches().stream()
                .flatMap(branch -> branch.nodes().stream())
                .anyMatch(node -> node instanceof Mark mark && mark.flags());
        return flags ? Stream.of(syntax) : syntax.branches().stream().map(branch -> new Choice(List.of(branch)));
    }

    static Reading read(RuleMatch match, String pattern) {
        return switch (match) {
            case REGEX -> regex(pattern);
            case CONTAINS -> good(RegexParser.literal(RuleText.normal(pattern)));
            case EXACT ->
                new Reading.Good(
                        new RulePattern(List.of(), RuleText.normal(pattern).strip()));
        };
    }

    private static Reading regex(String pattern) {
        try {
            Pattern.compile(pattern);
            return good(RegexParser.parse(pattern));
        } catch (PatternSyntaxException e) {
            return new Reading.Bad(e.getDescription() + (e.getPattern().isEmpty() ? "" : ": " + e.getPattern()));
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            return new Reading.Bad("uses a construct that rules cannot have");
        }
    }

    boolean matches(RuleText text) {
        return whole != null
                ? text.plain().strip().equals(whole)
                : branches.stream().anyMatch(branch -> branch.matches(text));
    }

    private static boolean plainText(Choice syntax) {
        return syntax.branches().stream()
                .allMatch(branch ->
                        !branch.nodes().isEmpty() && branch.nodes().stream().allMatch(node -> node instanceof Char));
    }
}

package io.penstock.classify;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A rule's pattern means what re2j says it means, whatever is done to make it fast and its numbers exact. */
class RulePatternPropertyTest {
    private static final List<String> PIECES = List.of(
            "a",
            "b",
            "ab",
            "é",
            ".",
            ".*",
            ".+?",
            "(",
            "(?:",
            ")",
            "|",
            "*",
            "+",
            "?",
            "{2}",
            "{1,2}",
            "{",
            "[ab]",
            "[^a]",
            "[a-c]",
            "\\s",
            "\\S",
            "\\w",
            "\\W",
            "\\b",
            "^",
            "$",
            "\\.",
            "\\x61",
            "\\x{62}",
            "(?s:",
            "(?i)",
            "(?P<n>",
            "\\Qa.\\E",
            "[[:alpha:]]",
            "\\pL",
            "\\p{Lu}",
            " ",
            "-",
            "[\\w-]",
            "\\D",
            "[]a]");

    @Property(tries = 3_000)
    void withoutNumbersItMeansWhatRe2jSays(@ForAll("regexes") String regex, @ForAll("texts") String text) {
        Optional<Pattern> plain = compiled(regex.replace("\\p{Lu}", "\\pL"));
        Assume.that(plain.isPresent());
        RulePattern.Reading reading = RulePattern.read(RuleMatch.REGEX, regex.replace("\\p{Lu}", "\\pL"));

        assertThat(reading).isInstanceOfSatisfying(RulePattern.Reading.Good.class, good -> assertThat(
                        good.pattern().matches(RuleText.of(text)))
                .as("%s on %s", regex, text)
                .isEqualTo(plain.orElseThrow().matcher(RuleText.normal(text)).find()));
    }

    @Property(tries = 1_000)
    void containsMeansContains(@ForAll("texts") String part, @ForAll("texts") String text) {
        Assume.that(!part.isEmpty());
        RulePattern.Reading reading = RulePattern.read(RuleMatch.CONTAINS, part);

        assertThat(reading).isInstanceOfSatisfying(RulePattern.Reading.Good.class, good -> assertThat(
                        good.pattern().matches(RuleText.of(text)))
                .isEqualTo(RuleText.normal(text).contains(RuleText.normal(part))));
    }

    @Property(tries = 2_000)
    void anyPatternIsReadOrRefusedAndNeverThrows(@ForAll("anything") String regex, @ForAll("anything") String text) {
        if (RulePattern.read(RuleMatch.REGEX, regex) instanceof RulePattern.Reading.Good good) {
            good.pattern().matches(RuleText.of(text));
        }
    }

    @Provide
    Arbitrary<String> regexes() {
        return Arbitraries.of(PIECES).list().ofMaxSize(8).map(pieces -> String.join("", pieces));
    }

    @Provide
    Arbitrary<String> anything() {
        return Arbitraries.of(
                        "5", "529", "\\d", "[0-9]", "[4-5]", "_", "a", "(", ")", "|", "*", "?", "\\", "[", "]", "-",
                        ".", "{2}", " ")
                .list()
                .ofMaxSize(10)
                .map(pieces -> String.join("", pieces));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "b", "c", "A", "B", "é", "É", ".", "-", " ", "\n", "ab", "aab")
                .list()
                .ofMaxSize(12)
                .map(pieces -> String.join("", pieces));
    }

    private static Optional<Pattern> compiled(String regex) {
        try {
            return Optional.of(Pattern.compile(regex, Pattern.CASE_INSENSITIVE));
        } catch (PatternSyntaxException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }
}

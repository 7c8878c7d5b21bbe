package io.penstock.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A number in a pattern means that number, not digits inside a price, an id, a date or a quantity. */
class RuleNumbersTest {
    private static final String ALTERNATIVES = "529|service.overloaded";

    private static final List<String> THE_NUMBER = List.of(
            "HTTP 529 from upstream",
            "status=529.",
            "{\"code\":529}",
            "{\"code\": 529, \"x\": 1}",
            "529",
            "529: overloaded",
            "529:overloaded",
            "error (529)",
            "[529]",
            "error code 529, try again",
            "got 529; giving up",
            "was it a 529?",
            "529!",
            "upstream said \"529\"",
            "upstream said '529'",
            "upstream said `529`",
            "code=529&retry=1",
            "429/529 from the edge",
            "status:529",
            "错误码529，请重试",
            "状态码529错误",
            "エラー529です",
            "<code>529</code>",
            "529\nOverloaded",
            "529. Please retry",
            "HTTP/1.1 529 Overloaded",
            "0.352942 and then 529 again",
            "error -529",
            "#529",
            "529…");

    private static final List<String> ANOTHER_THING = List.of(
            "the price is 0.352942",
            "request 20260529120000 failed",
            "req_2026052912abc",
            "foo-0529-preview",
            "model-529-preview",
            "gpt-529",
            "529-preview",
            "took 529ms",
            "took 529s",
            "0.529",
            "529.40",
            "$529",
            "$529.00",
            "€529",
            "529€",
            "529%",
            "1,529 tokens",
            "529,000 tokens",
            "5290",
            "1529",
            "0529",
            "x529",
            "529x",
            "529th time",
            "req_529",
            "529_total",
            "2026-05-29T12:52:9",
            "12:529",
            "529:30",
            "10.0.0.529:80",
            "v1.529",
            "release.529",
            "node-a529b",
            "/v1/files/529/content",
            "see https://status.example.com/incidents/529",
            "https://status.example.com/?id=529",
            "msg_01529529",
            "é529é",
            "５29",
            "nothing of the kind");

    @TestFactory
    Stream<DynamicTest> meetsTheNumberItself() {
        return everyWay(THE_NUMBER, true);
    }

    @TestFactory
    Stream<DynamicTest> passesOverDigitsInsideSomethingElse() {
        return everyWay(ANOTHER_THING, false);
    }

    @TestFactory
    Stream<DynamicTest> takesWhatThePatternSaysAroundANumber() {
        return Stream.of(
                row("gpt-4", "the model gpt-4 is full", true),
                row("gpt-4", "the model gpt-40 is full", false),
                row("gpt-4o", "the model gpt-4o is full", true),
                row("gpt-4\\.1", "gpt-4.1 is full", true),
                row("gpt-4\\.1", "gpt-4.15 is full", false),
                row("5\\.0", "limit of 5.0 reached", true),
                row("5\\.0", "limit of 15.0 reached", false),
                row("5\\.0", "limit of 5.01 reached", false),
                row("status=529\\.", "status=529.", true),
                row("status=529\\.", "status=529.40", false),
                row("error_(?:429|529)", "error_529", true),
                row("error_(?:429|529)", "error_5290", false),
                row("(429|529) from", "529 from upstream", true),
                row("(429|529) from", "1529 from upstream", false),
                row("5\\d\\d", "HTTP 503", true),
                row("5\\d\\d", "took 503ms", false),
                row("5\\d\\d", "HTTP 5030", false),
                row("[45]29", "HTTP 429", true),
                row("[45]29", "0.429", false),
                row("52{2}9", "code 5229", true),
                row("52{2}9", "code 52290", false),
                row("limit \\d+", "limit 529ms", true),
                row("limit \\d+\\.\\d+", "limit 4.5", true),
                row("429: limit \\d+\\.\\d+", "429: limit 4.5", true),
                row("429: limit [0-9.]+s", "429: limit 4.5s", true),
                row("429: limit [^0-9]", "429: limit 45s", false),
                row("529?", "code 52", true),
                row("529?", "code 529", true),
                row("code 529", "code 529", true),
                row("code 529", "code 5291", false),
                row("\\Q529\\E", "a 529", true),
                row("\\Q529\\E", "a 529ms", false),
                row("\\x35\\x32\\x39", "a 529", true),
                row("(?i)OVERLOADED 529", "overloaded 529", true),
                row("(?i:HTTP) 529", "http 529", true),
                row("(?P<code>529)", "HTTP 529", true),
                row("service.overloaded", "Service overloaded", true),
                row("[A-Z]+ERROR", "apierror", true),
                row("[[:alpha:]]+ 529", "http 529", true));
    }

    private static DynamicTest row(String regex, String text, boolean matches) {
        return test(RuleMatch.REGEX, RuleSource.OPERATOR, regex, text, matches);
    }

    private static Stream<DynamicTest> everyWay(List<String> texts, boolean matches) {
        return texts.stream().flatMap(text -> Stream.of(RuleSource.values())
                // The catalogue does not look into quotation marks.
                .filter(source -> source == RuleSource.OPERATOR || !text.matches("(?s).*[\"'`].*"))
                .flatMap(source -> Stream.of(
                        test(RuleMatch.REGEX, source, ALTERNATIVES, text, matches),
                        test(RuleMatch.REGEX, source, "(?:529)|never said", text, matches),
                        test(RuleMatch.CONTAINS, source, "529", text, matches))));
    }

    private static DynamicTest test(RuleMatch match, RuleSource source, String pattern, String text, boolean matches) {
        return DynamicTest.dynamicTest(
                source.label() + " " + match.label() + " " + pattern + " on " + text.replace('\n', ' '),
                () -> assertThat(CompiledRule.of(TestRules.rule("a-rule")
                                        .of(source)
                                        .match(match)
                                        .pattern(pattern))
                                .matchesExample(text))
                        .isEqualTo(matches));
    }
}

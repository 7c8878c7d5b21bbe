package io.penstock.classify;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.dialect.Dialect;
import io.penstock.dialect.ErrorBodyReader;
import io.penstock.policy.DefaultRules;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * No text costs much more than any other of its size: what a provider sends, which may be what an attacker made it send,
 * must not hold the event loop. Measured in the processor time of the thread, the best of several runs.
 */
class LinearTimeTest {
    private static final int SIZE = 64 * 1024;
    private static final int MOST = 10;
    private static final int RUNS = 15;

    private static final String HARMLESS = sized("The quick brown fox jumps over the lazy dog and goes home. ");

    @TestFactory
    Stream<DynamicTest> everyDefaultRuleOnTextMadeAgainstIt() {
        Classifier classifier = new Classifier(Clock.systemUTC(), DefaultRules.ruleSet());
        long harmless = cost(classifier, HARMLESS);
        return DefaultRules.all().stream()
                .map(rule -> DynamicTest.dynamicTest(rule.id(), () -> {
                    for (String text : against(rule)) {
                        assertBounded(classifier, text, harmless);
                    }
                }));
    }

    @Test
    void fiveHundredOperatorRulesOnTextMadeAgainstThem() {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            rules.add(TestRules.rule("r" + i).pattern(OPERATOR_PATTERNS.get(i % OPERATOR_PATTERNS.size()) + "x" + i));
        }
        Classifier classifier = new Classifier(Clock.systemUTC(), new RuleSet("test", rules, DefaultRules.all()));
        long harmless = cost(classifier, HARMLESS);

        HOSTILE.forEach(text -> assertBounded(classifier, sized(text), harmless));
    }

    /** Patterns as people write them, those that cost other engines cubic time among them. */
    private static final List<String> OPERATOR_PATTERNS = List.of(
            "context.*(length|window|limit).*exceed",
            "exceed.*(context|token|length).*(limit|window)",
            "model.*not.*found",
            "model.*does.*not.*exist",
            "(a|b|ab)*c",
            "(quota|credit)s?.*(exhausted|used up)",
            "signature.*field required",
            "\\s+error\\s+\\d+",
            "529|service.overloaded",
            "thinking.*format.*invalid");

    private static final List<String> HOSTILE = List.of(
            "context length context window context limit ",
            "exceed token exceed context exceed length ",
            "model not model does not model ",
            "abababababab",
            "quota credits quota credit ",
            " error  error  error ",
            "529ms 0.529 529.40 req_529 ",
            "1234567890",
            "''''''''''",
            "'a' \"b\" `c` ",
            "{\"error\":",
            "[[[[[[[[",
            "\\\\\\\\",
            "https://a/b/529/",
            "try again in try again in 5 ");

    private static List<String> against(Rule rule) {
        List<String> texts = new ArrayList<>();
        for (String example : rule.examples().matches()) {
            String[] words = example.split("\\s+");
            // Whatever the pattern is after, all but the end of it, over and over.
            texts.add(sized(String.join(" ", List.of(words).subList(0, Math.max(1, words.length - 1))) + " "));
            texts.add(sized(words[0] + " "));
        }
        Random random = new Random(rule.id().hashCode());
        List<String> all = new ArrayList<>(
                List.of(String.join(" ", rule.examples().matches()).split("\\s+")));
        Collections.shuffle(all, random);
        texts.add(sized(String.join(" ", all) + " "));
        return texts;
    }

    private static void assertBounded(Classifier classifier, String text, long harmless) {
        assertThat(cost(classifier, text))
                .as("nanoseconds for %s… against %d for harmless text", text.substring(0, 40), harmless)
                .isLessThanOrEqualTo(MOST * harmless);
    }

    private static long cost(Classifier classifier, String message) {
        byte[] body = ("{\"error\":{\"message\":" + quoted(message) + "}}").getBytes(StandardCharsets.UTF_8);
        Subject subject = new Subject(Dialect.OPENAI, "primary", "gpt-5", false);
        long best = Long.MAX_VALUE;
        for (int i = 0; i < RUNS; i++) {
            long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            classifier.classify(
                    new Failure.Answer(
                            400, Map.<String, String>of()::get, ErrorBodyReader.read(body, "application/json")),
                    subject);
            best = Math.min(best, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin);
        }
        return best;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String sized(String unit) {
        return unit.repeat(SIZE / unit.length() + 1).substring(0, SIZE);
    }
}

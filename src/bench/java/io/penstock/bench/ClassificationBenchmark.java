package io.penstock.bench;

import io.penstock.classify.Category;
import io.penstock.classify.Classification;
import io.penstock.classify.Classifier;
import io.penstock.classify.Failure;
import io.penstock.classify.Rule;
import io.penstock.classify.RuleField;
import io.penstock.classify.RuleMatch;
import io.penstock.classify.RuleScope;
import io.penstock.classify.RuleSet;
import io.penstock.classify.RuleSource;
import io.penstock.classify.Subject;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.ErrorBodyReader;
import io.penstock.policy.DefaultRules;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to find out what a failure is: its body of 4 KiB is read, and 60 rules are asked, the default catalogue
 * among them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ClassificationBenchmark {
    private static final int RULES = 60;
    private static final int BODY = 4 * 1024;
    private static final String LAST = "the partner budget of today is used up";

    /** Patterns as operators write them. */
    private static final List<String> PATTERNS = List.of(
            "context.*(length|window|limit).*exceed%d",
            "model.*does.*not.*exist%d",
            "(quota|credit)s?.*(exhausted|used up)%d",
            "529|service.overloaded%d",
            "your project is blocked: reason %d",
            "\\s+error\\s+9%d");

    /** What the message says: words of no rule, the last rule's, or much of what patterns are after and never the end. */
    public enum Text {
        NO_MATCH("The quick brown fox jumps over the lazy dog and goes home. ", ""),
        LAST_RULE("The quick brown fox jumps over the lazy dog and goes home. ", LAST),
        HOSTILE("context length context window model does not model quota credits 0.529 529ms error 'a' ", "");

        private final String filling;
        private final String end;

        Text(String filling, String end) {
            this.filling = filling;
            this.end = end;
        }

        byte[] body() {
            String head = "{\"error\":{\"type\":\"odd\",\"code\":null,\"message\":\"";
            String tail = end + "\"}}";
            int room = BODY - head.length() - tail.length();
            String body = head + filling.repeat(room / filling.length() + 1).substring(0, room) + tail;
            return body.getBytes(StandardCharsets.UTF_8);
        }
    }

    @Param
    public Text text;

    private final Subject subject = new Subject(Dialect.OPENAI, "primary", "gpt-5", false);
    private Classifier classifier;
    private byte[] body;

    @Setup
    public void prepare() {
        List<Rule> own = new ArrayList<>();
        for (int i = DefaultRules.all().size(); i < RULES - 1; i++) {
            own.add(rule("own-" + i, PATTERNS.get(i % PATTERNS.size()).formatted(i)));
        }
        own.add(rule("last", LAST));
        classifier = new Classifier(Clock.systemUTC(), new RuleSet("bench", own, DefaultRules.all()));
        body = text.body();
        boolean matched = "last".equals(classify().rules().rule());
        if (body.length != BODY || matched != (text == Text.LAST_RULE)) {
            throw new IllegalStateException("not what is to be measured: " + classify());
        }
    }

    @Benchmark
    public Classification classify() {
        return classifier.classify(
                new Failure.Answer(500, Map.<String, String>of()::get, ErrorBodyReader.read(body, "application/json")),
                subject);
    }

    private static Rule rule(String id, String pattern) {
        return new Rule(
                id,
                RuleSource.OPERATOR,
                RuleMatch.REGEX,
                pattern,
                RuleField.MESSAGE,
                Category.OVERLOADED,
                RuleScope.ALL,
                100,
                true,
                false,
                null,
                null,
                null,
                "",
                Rule.Examples.NONE);
    }
}

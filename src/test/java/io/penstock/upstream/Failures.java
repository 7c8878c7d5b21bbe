package io.penstock.upstream;

import io.penstock.classify.Classification;
import io.penstock.classify.Classifier;
import io.penstock.classify.Failure;
import io.penstock.classify.Subject;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.ErrorBodyReader;
import io.penstock.policy.DefaultRules;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Failures as the classifier finds them in providers' answers. */
final class Failures {
    private static final Classifier CLASSIFIER = new Classifier(Clock.systemUTC(), DefaultRules.ruleSet());

    private Failures() {}

    static Classification limited(@Nullable Duration hint) {
        return of(429, "rate_limit_exceeded", hint);
    }

    static Classification exhausted(@Nullable Duration reset) {
        return of(429, "insufficient_quota", reset);
    }

    static Classification rejected() {
        return of(401, "invalid_api_key", null);
    }

    static Classification forbidden(String type) {
        return of(403, type, null);
    }

    static Classification of(int status, String code, @Nullable Duration hint) {
        String body = "{\"error\":{\"message\":\"No.\",\"code\":\"" + code + "\"}}";
        return CLASSIFIER.classify(
                new Failure.Answer(
                        status,
                        name -> name.equalsIgnoreCase("retry-after-ms") && hint != null
                                ? Long.toString(hint.toMillis())
                                : null,
                        ErrorBodyReader.read(body.getBytes(StandardCharsets.UTF_8), "application/json")),
                new Subject(Dialect.OPENAI, "azure", "gpt-5", false));
    }
}

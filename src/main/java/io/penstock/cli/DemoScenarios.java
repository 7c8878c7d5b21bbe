package io.penstock.cli;

import static io.penstock.cli.DemoDialect.ANTHROPIC;
import static io.penstock.cli.DemoDialect.GEMINI;
import static io.penstock.cli.DemoDialect.OPENAI;
import static io.penstock.cli.DemoScenario.names;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.cli.DemoScenario.Promise;
import io.penstock.cli.DemoSeen.Answer;
import java.util.List;
import java.util.Set;

/** What the demo shows, in this order. */
final class DemoScenarios {
    private static final boolean WHOLE = false;
    private static final boolean STREAM = true;

    private DemoScenarios() {}

    static List<DemoScenario> all() {
        return List.of(
                scenario("answers well", OPENAI, "healthy", WHOLE, served(Set.of(), "first")),
                scenario("streams well", ANTHROPIC, "healthy", STREAM, served(Set.of(), "first")),
                scenario("streams well", GEMINI, "healthy", STREAM, served(Set.of(), "first")),
                scenario(
                        "500 once, then well",
                        OPENAI,
                        "flaky",
                        WHOLE,
                        served(names(Category.SERVICE_ERROR), "first", "retry")),
                scenario(
                        "resets the connection once",
                        OPENAI,
                        "resetting",
                        STREAM,
                        served(names(Category.NETWORK_ERROR), "first", "retry")),
                scenario(
                        "429, Retry-After: 1",
                        OPENAI,
                        "rate-limited",
                        WHOLE,
                        served(names(Category.RATE_LIMIT), "first", "retry")),
                scenario(
                        "429, Retry-After: 60",
                        ANTHROPIC,
                        "rate-limited-long",
                        WHOLE,
                        served(names(Category.RATE_LIMIT), "first", "failover")),
                scenario(
                        "529 overloaded",
                        ANTHROPIC,
                        "overloaded",
                        STREAM,
                        served(names(Category.OVERLOADED), "first", "retry", "failover")),
                scenario(
                        "503 overloaded",
                        GEMINI,
                        "overloaded",
                        WHOLE,
                        served(names(Category.OVERLOADED), "first", "retry", "failover")),
                scenario(
                        "429, out of money",
                        OPENAI,
                        "out-of-money",
                        STREAM,
                        served(names(Category.QUOTA_EXHAUSTED), "first", "failover")),
                scenario(
                        "says nothing at all",
                        OPENAI,
                        "hanging",
                        STREAM,
                        served(names(Category.FIRST_CONTENT_TIMEOUT), "first", "failover")),
                scenario(
                        "overloaded inside a 200",
                        ANTHROPIC,
                        "overloaded-in-stream",
                        STREAM,
                        served(names(Category.OVERLOADED), "first", "retry", "failover")),
                scenario(
                        "pings and nothing else",
                        OPENAI,
                        "pinging",
                        STREAM,
                        served(names(Category.FIRST_CONTENT_TIMEOUT), "first", "failover")),
                scenario(
                        "a web page in a 200",
                        GEMINI,
                        "web-page",
                        STREAM,
                        served(names(Category.PROTOCOL_ERROR), "first", "failover")),
                scenario(
                        "nothing in a 200",
                        ANTHROPIC,
                        "empty",
                        WHOLE,
                        served(names(Category.PROTOCOL_ERROR), "first", "failover")),
                scenario(
                        "overloaded after some text",
                        ANTHROPIC,
                        "overloaded-mid-stream",
                        STREAM,
                        failed(200, Answer.ERROR_IN_STREAM, names(Category.OVERLOADED), Phase.MID_STREAM, "first")),
                scenario(
                        "cut mid-stream",
                        OPENAI,
                        "cut",
                        STREAM,
                        failed(
                                200,
                                Answer.ERROR_IN_STREAM,
                                names(Category.STREAM_TRUNCATED),
                                Phase.MID_STREAM,
                                "first")),
                scenario(
                        "400, bad parameter",
                        OPENAI,
                        "bad-request",
                        WHOLE,
                        failed(
                                400,
                                Answer.ERROR,
                                names(Category.PARAMETER_ERROR, Category.VALIDATION_ERROR, Category.INVALID_REQUEST),
                                Phase.PRE_COMMIT,
                                "first")),
                new DemoScenario(
                        "401, unknown key (openai)",
                        OPENAI,
                        "healthy",
                        WHOLE,
                        DemoProviders.UNKNOWN_KEY,
                        failed(401, Answer.ERROR, names(Category.AUTH_ERROR), Phase.PRE_COMMIT, "first", "failover")));
    }

    private static DemoScenario scenario(
            String title, DemoDialect dialect, String model, boolean stream, Promise promise) {
        return new DemoScenario(
                title + " (" + dialect.label() + ")", dialect, model, stream, DemoProviders.KNOWN_KEY, promise);
    }

    private static Promise served(Set<String> categories, String... reasons) {
        return new Promise(200, Answer.WHOLE, categories, List.of(reasons), null);
    }

    private static Promise failed(int status, Answer answer, Set<String> categories, Phase phase, String... reasons) {
        return new Promise(status, answer, categories, List.of(reasons), phase.label());
    }
}

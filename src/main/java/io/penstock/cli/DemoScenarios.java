package io.penstock.cli;

import static io.penstock.cli.DemoDialect.ANTHROPIC;
import static io.penstock.cli.DemoDialect.GEMINI;
import static io.penstock.cli.DemoDialect.OPENAI;
import static io.penstock.cli.DemoScenario.Promise.failed;
import static io.penstock.cli.DemoScenario.Promise.served;
import static io.penstock.cli.DemoScenario.names;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.cli.DemoSeen.Answer;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What the demo shows, in this order. */
final class DemoScenarios {
    private static final boolean WHOLE = false;
    private static final boolean STREAM = true;

    private DemoScenarios() {}

    static List<DemoScenario> all() {
        return Stream.of(failures(), DemoPolicyScenarios.all())
                .flatMap(List::stream)
                .toList();
    }

    /** What providers do, under a policy that asks for nothing special. */
    private static List<DemoScenario> failures() {
        return List.of(
                DemoScenario.of("answers well", OPENAI, "healthy", WHOLE, served(Set.of(), "first")),
                DemoScenario.of("streams well", ANTHROPIC, "healthy", STREAM, served(Set.of(), "first")),
                DemoScenario.of("streams well", GEMINI, "healthy", STREAM, served(Set.of(), "first")),
                DemoScenario.of(
                        "500 once, then well",
                        OPENAI,
                        "flaky",
                        WHOLE,
                        served(names(Category.SERVICE_ERROR), "first", "retry")),
                DemoScenario.of(
                        "resets the connection once",
                        OPENAI,
                        "resetting",
                        STREAM,
                        served(names(Category.NETWORK_ERROR), "first", "retry")),
                DemoScenario.of(
                        "429, Retry-After: 1",
                        OPENAI,
                        "rate-limited",
                        WHOLE,
                        served(names(Category.RATE_LIMIT), "first", "retry")),
                DemoScenario.of(
                        "429, Retry-After: 60",
                        ANTHROPIC,
                        "rate-limited-long",
                        WHOLE,
                        served(names(Category.RATE_LIMIT), "first", "failover")),
                DemoScenario.of(
                        "529 overloaded",
                        ANTHROPIC,
                        "overloaded",
                        STREAM,
                        served(names(Category.OVERLOADED), "first", "retry", "failover")),
                DemoScenario.of(
                        "503 overloaded",
                        GEMINI,
                        "overloaded",
                        WHOLE,
                        served(names(Category.OVERLOADED), "first", "retry", "failover")),
                DemoScenario.of(
                        "429, out of money",
                        OPENAI,
                        "out-of-money",
                        STREAM,
                        served(names(Category.QUOTA_EXHAUSTED), "first", "failover")),
                DemoScenario.of(
                        "says nothing at all",
                        OPENAI,
                        "hanging",
                        STREAM,
                        served(names(Category.FIRST_CONTENT_TIMEOUT), "first", "failover")),
                DemoScenario.of(
                        "overloaded inside a 200",
                        ANTHROPIC,
                        "overloaded-in-stream",
                        STREAM,
                        served(names(Category.OVERLOADED), "first", "retry", "failover")),
                DemoScenario.of(
                        "pings and nothing else",
                        OPENAI,
                        "pinging",
                        STREAM,
                        served(names(Category.FIRST_CONTENT_TIMEOUT), "first", "failover")),
                DemoScenario.of(
                        "a web page in a 200",
                        GEMINI,
                        "web-page",
                        STREAM,
                        served(names(Category.PROTOCOL_ERROR), "first", "failover")),
                DemoScenario.of(
                        "nothing in a 200",
                        ANTHROPIC,
                        "empty",
                        WHOLE,
                        served(names(Category.PROTOCOL_ERROR), "first", "failover")),
                DemoScenario.of(
                        "overloaded after some text",
                        ANTHROPIC,
                        "overloaded-mid-stream",
                        STREAM,
                        failed(200, Answer.ERROR_IN_STREAM, names(Category.OVERLOADED), Phase.MID_STREAM, "first")),
                DemoScenario.of(
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
                DemoScenario.of(
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
                DemoScenario.of(
                                "401, unknown key",
                                OPENAI,
                                "healthy",
                                WHOLE,
                                failed(
                                        401,
                                        Answer.ERROR,
                                        names(Category.AUTH_ERROR),
                                        Phase.PRE_COMMIT,
                                        "first",
                                        "failover"))
                        .withKey(DemoProviders.UNKNOWN_KEY));
    }
}

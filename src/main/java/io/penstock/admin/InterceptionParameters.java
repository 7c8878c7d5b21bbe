package io.penstock.admin;

import io.penstock.classify.Category;
import io.penstock.classify.ErrorType;
import io.penstock.record.Cursor;
import io.penstock.record.Interception.Outcome;
import io.penstock.record.InterceptionQuery;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads the query parameters of {@code GET /penstock/v1/interceptions} and collects all that is wrong with them. An empty
 * value is no filter; a parameter that does not exist is an error, because a misspelt filter would silently find too much.
 */
final class InterceptionParameters {
    private static final int DEFAULT_LIMIT = 50;
    private static final int LARGEST_LIMIT = 1_000;
    private static final List<String> NAMES = List.of(
            "error_type",
            "category",
            "outcome",
            "upstream",
            "model",
            "thread_id",
            "session_id",
            "since",
            "until",
            "limit",
            "cursor");

    private final MultiMap parameters;
    private final List<ParameterProblem> problems = new ArrayList<>();

    private InterceptionParameters(MultiMap parameters) {
        this.parameters = parameters;
    }

    /** What came of reading the parameters. */
    sealed interface Reading {
        record Good(InterceptionQuery query) implements Reading {}

        record Bad(List<ParameterProblem> problems) implements Reading {}
    }

    static Reading read(MultiMap parameters) {
        return new InterceptionParameters(parameters).read();
    }

    private Reading read() {
        for (String name : parameters.names()) {
            if (!NAMES.contains(name)) {
                String detail = "there is no such parameter, expected one of " + String.join(", ", NAMES);
                problems.add(new ParameterProblem(ParameterProblem.shown(name), detail, NAMES));
            }
        }
        InterceptionQuery query = new InterceptionQuery(
                oneOf("error_type", Stream.of(ErrorType.values()).map(ErrorType::label)),
                oneOf("category", Category.builtIn().stream().map(Category::name)),
                oneOf("outcome", Stream.of(Outcome.values()).map(Outcome::label)),
                text("upstream"),
                text("model"),
                text("thread_id"),
                text("session_id"),
                time("since"),
                time("until"),
                limit(),
                cursor());
        return problems.isEmpty() ? new Reading.Good(query) : new Reading.Bad(List.copyOf(problems));
    }

    private Optional<String> text(String name) {
        List<String> values = parameters.getAll(name);
        if (values.size() > 1) {
            problems.add(ParameterProblem.of(name, "is given " + values.size() + " times: give it once"));
        }
        return values.stream().filter(value -> !value.isEmpty()).findFirst();
    }

    private Optional<String> oneOf(String name, Stream<String> choices) {
        List<String> allowed = choices.toList();
        Optional<String> value = text(name);
        if (value.isPresent() && !allowed.contains(value.get())) {
            String detail = "found " + quoted(value.get()) + ", expected one of " + String.join(", ", allowed);
            problems.add(new ParameterProblem(name, detail, allowed));
        }
        return value;
    }

    private Optional<Instant> time(String name) {
        return text(name).flatMap(value -> {
            try {
                return Optional.of(OffsetDateTime.parse(value).toInstant());
            } catch (DateTimeParseException e) {
                // In a query a bare + means a space, so an offset east of Greenwich arrives without its sign.
                problems.add(ParameterProblem.of(
                        name,
                        "found " + quoted(value)
                                + ", expected a time such as 2026-01-31T09:30:00Z (write + of an offset as %2B)"));
                return Optional.empty();
            }
        });
    }

    private int limit() {
        Optional<String> text = text("limit");
        if (text.isEmpty()) {
            return DEFAULT_LIMIT;
        }
        if (text.get().matches("[1-9][0-9]{0,3}")) {
            int limit = Integer.parseInt(text.get());
            if (limit <= LARGEST_LIMIT) {
                return limit;
            }
        }
        problems.add(ParameterProblem.of(
                "limit", "found " + quoted(text.get()) + ", expected a whole number from 1 to " + LARGEST_LIMIT));
        return DEFAULT_LIMIT;
    }

    private Optional<String> cursor() {
        Optional<String> cursor = text("cursor");
        if (cursor.isPresent() && Cursor.read(cursor.get()).isEmpty()) {
            problems.add(ParameterProblem.of(
                    "cursor", "found " + quoted(cursor.get()) + ", expected the next of the page before it"));
        }
        return cursor;
    }

    private static String quoted(String value) {
        return "'" + ParameterProblem.shown(value) + "'";
    }
}

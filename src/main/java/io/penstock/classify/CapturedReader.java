package io.penstock.classify;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.dialect.Dialect;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the JSON in which somebody asks for an explanation, and says of every field what is wrong with it. */
public final class CapturedReader {
    private static final List<String> FIELDS =
            List.of("dialect", "upstream", "model", "status", "headers", "body", "stream", "committed", "failure");
    private static final List<String> DIALECTS =
            Stream.of(Dialect.values()).map(Dialect::label).toList();
    private static final Map<String, @Nullable Signal> FAILURES = failures();

    private final JsonNode json;
    private final List<Problem> problems = new ArrayList<>();

    /** What came of a question. */
    public sealed interface Reading {

        record Good(Captured captured) implements Reading {}

        /** @param problems at least one */
        record Bad(List<Problem> problems) implements Reading {}
    }

    /**
     * What is wrong with one field.
     *
     * @param allowed the values that it may have; empty where they cannot be listed
     */
    public record Problem(String field, String detail, List<String> allowed) {}

    private CapturedReader(JsonNode json) {
        this.json = json;
    }

    public static Reading read(JsonNode json) {
        if (!json.isObject()) {
            return new Reading.Bad(List.of(new Problem("", "expected a JSON object", FIELDS)));
        }
        return new CapturedReader(json).read();
    }

    /** The endings that can be named, in the order in which they are told to people. */
    public static List<String> failureNames() {
        return List.copyOf(FAILURES.keySet());
    }

    /** The ending of that name, which is one of {@link #failureNames}. */
    public static Captured.Ending ending(String name) {
        if (!FAILURES.containsKey(name)) {
            throw new IllegalArgumentException("unexpected failure: " + name);
        }
        return new Captured.Ending(name, FAILURES.get(name));
    }

    private Reading read() {
        json.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                problem(name.length() > 40 ? name.substring(0, 40) + "…" : name, "is not a field here", FIELDS);
            }
        });
        Dialect dialect = dialect();
        Captured.Ending failure = failure();
        Captured captured = new Captured(
                dialect == null ? Dialect.OPENAI : dialect,
                text("upstream"),
                text("model"),
                status(failure != null),
                headers(),
                body(),
                flag("stream"),
                flag("committed"),
                failure);
        return problems.isEmpty() ? new Reading.Good(captured) : new Reading.Bad(List.copyOf(problems));
    }

    private @Nullable Dialect dialect() {
        Dialect dialect = Dialect.of(json.path("dialect").asText()).orElse(null);
        if (dialect == null) {
            problem("dialect", json.hasNonNull("dialect") ? "is not a known dialect" : "is missing", DIALECTS);
        }
        return dialect;
    }

    private Captured.@Nullable Ending failure() {
        JsonNode failure = json.path("failure");
        if (failure.isMissingNode() || failure.isNull()) {
            return null;
        }
        if (!failure.isTextual() || !FAILURES.containsKey(failure.asText())) {
            problem("failure", "is not a known failure", failureNames());
            return null;
        }
        return ending(failure.asText());
    }

    private int status(boolean failed) {
        JsonNode status = json.path("status");
        if (failed && (!status.isIntegralNumber() || status.intValue() == 0)) {
            return 0;
        }
        if (!status.isIntegralNumber() || status.intValue() < 100 || status.intValue() > 599) {
            problem(
                    "status",
                    status.isMissingNode() || status.isNull()
                            ? "is missing: give the HTTP status, or a failure"
                            : "expected a whole number from 100 to 599",
                    List.of());
        }
        return status.asInt();
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        JsonNode given = json.path("headers");
        if (given.isMissingNode() || given.isNull()) {
            return headers;
        }
        if (!given.isObject()) {
            problem("headers", "expected an object of names and values", List.of());
            return headers;
        }
        given.properties().forEach(header -> {
            JsonNode value = header.getValue().isArray() ? header.getValue().path(0) : header.getValue();
            if (value.isTextual() || value.isNumber()) {
                headers.putIfAbsent(header.getKey(), value.asText());
            } else {
                problem("headers." + header.getKey(), "expected text, or a list of texts", List.of());
            }
        });
        return headers;
    }

    private String body() {
        JsonNode body = json.path("body");
        if (body.isContainerNode()) {
            problem("body", "expected the body's text: put the JSON in a string, as it came", List.of());
        } else if (!body.isMissingNode() && !body.isNull() && !body.isTextual()) {
            problem("body", "expected text", List.of());
        }
        return body.isTextual() ? body.asText() : "";
    }

    private @Nullable String text(String field) {
        JsonNode value = json.path(field);
        if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
            problem(field, "expected text or null", List.of());
        }
        return value.isTextual() && !value.asText().isEmpty() ? value.asText() : null;
    }

    private boolean flag(String field) {
        JsonNode value = json.path(field);
        if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
            problem(field, "expected true or false", List.of());
        }
        return value.asBoolean();
    }

    private void problem(String field, String detail, List<String> allowed) {
        problems.add(new Problem(
                field,
                allowed.isEmpty() ? detail : detail + ", expected one of " + String.join(", ", allowed),
                allowed));
    }

    private static Map<String, @Nullable Signal> failures() {
        Map<String, @Nullable Signal> failures = new LinkedHashMap<>();
        Stream.of(
                        Signal.CONNECT_REFUSED,
                        Signal.DNS,
                        Signal.TLS,
                        Signal.RESET,
                        Signal.CONNECT_TIMEOUT,
                        Signal.FIRST_CONTENT_TIMEOUT,
                        Signal.IDLE_TIMEOUT,
                        Signal.DEADLINE)
                .forEach(signal -> failures.put(signal.label(), signal));
        failures.put("client_cancel", null);
        failures.put(Signal.TRUNCATED.label(), Signal.TRUNCATED);
        failures.put(Signal.EMPTY.label(), Signal.EMPTY);
        return failures;
    }
}

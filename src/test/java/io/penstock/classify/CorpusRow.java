package io.penstock.classify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.dialect.AnswerObserver;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.ErrorBodyReader;
import io.penstock.dialect.Operation;
import io.penstock.dialect.ProviderError;
import io.penstock.dialect.Transcript;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A real answer of a provider and what it means: a row of the files under {@code src/test/resources/corpus}. */
record CorpusRow(JsonNode json) {

    /** What was given to Penstock's developers, and what they collected themselves. */
    static List<CorpusRow> all() {
        return Stream.concat(given().stream(), collected().stream()).toList();
    }

    static List<CorpusRow> given() {
        return rows("provider-errors.json");
    }

    static List<CorpusRow> collected() {
        return rows("collected-errors.json");
    }

    String id() {
        return json.path("id").asText();
    }

    int status() {
        return json.path("status").asInt();
    }

    String body() {
        return json.path("body").asText();
    }

    boolean stream() {
        return json.path("stream").asBoolean();
    }

    Dialect dialect() {
        return Dialect.of(json.path("dialect").asText()).orElseThrow();
    }

    Map<String, String> headers() {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        json.path("headers")
                .properties()
                .forEach(e -> headers.put(e.getKey(), e.getValue().asText()));
        return headers;
    }

    /** The values that are right for a field of what is expected. */
    List<String> expected(String field) {
        List<String> texts = new ArrayList<>();
        json.path("expect").path(field).forEach(node -> texts.add(node.isNull() ? "none" : node.asText()));
        return texts;
    }

    /** Null where either is right. */
    Optional<Boolean> expectedFlag(String field) {
        JsonNode flag = json.path("expect").path(field);
        return flag.isBoolean() ? Optional.of(flag.asBoolean()) : Optional.empty();
    }

    Subject subject() {
        return new Subject(dialect(), "up", "some-model", false);
    }

    /** What traffic would have made of it; empty for a success. */
    Optional<Failure> failure() {
        Map<String, String> headers = headers();
        if (json.has("failure")) {
            String label = json.path("failure").asText();
            return Stream.of(Signal.values())
                    .filter(signal -> signal.label().equals(label))
                    .findFirst()
                    .map(signal -> new Failure.Signalled(signal, null));
        }
        if (status() >= 400) {
            ProviderError error =
                    ErrorBodyReader.read(body().getBytes(StandardCharsets.UTF_8), headers.get("content-type"));
            return Optional.of(new Failure.Answer(status(), headers::get, error));
        }
        AnswerObserver observer = Transcript.observe(dialect(), body(), stream(), headers.get("content-type"));
        observer.end();
        return AnswerVerdict.atEnd(observer, Operation.CHAT_COMPLETIONS);
    }

    private static List<CorpusRow> rows(String file) {
        try (InputStream in = CorpusRow.class.getResourceAsStream("/corpus/" + file)) {
            return StreamSupport.stream(
                            new ObjectMapper()
                                    .readTree(Objects.requireNonNull(in))
                                    .spliterator(),
                            false)
                    .map(CorpusRow::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

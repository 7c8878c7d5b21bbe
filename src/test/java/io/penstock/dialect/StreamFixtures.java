package io.penstock.dialect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The recorded-like streams under {@code src/test/resources/streams}, by dialect and name. */
final class StreamFixtures {
    private static final Path ROOT = Path.of("src", "test", "resources", "streams");

    private StreamFixtures() {}

    /** All names, such as {@code anthropic/answer.sse}. */
    static List<String> names() {
        try (Stream<Path> files = Files.walk(ROOT, 2)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> ROOT.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> name.contains("/"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(ROOT.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static AnswerObserver observer(String name) {
        String type = name.endsWith(".json") ? "application/json" : "text/event-stream; charset=utf-8";
        if (name.startsWith("openai-chat/")) {
            return AnswerObservers.of(Dialect.OPENAI, Operation.CHAT_COMPLETIONS, type);
        }
        if (name.startsWith("openai-responses/")) {
            return AnswerObservers.of(Dialect.OPENAI, Operation.RESPONSES, type);
        }
        if (name.startsWith("anthropic/")) {
            return AnswerObservers.of(Dialect.ANTHROPIC, Operation.MESSAGES, type);
        }
        return AnswerObservers.of(Dialect.GEMINI, Operation.GENERATE_CONTENT, type);
    }
}

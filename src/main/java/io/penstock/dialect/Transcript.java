package io.penstock.dialect;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A captured answer with a good status, read as traffic would be. Who shows one knows the dialect but seldom the operation;
 * the answer itself tells. It is recognised by names in quotation marks, which cannot stand so inside a JSON string.
 */
public final class Transcript {
    private static final int MAX_LOOK = 64 * 1024;

    private Transcript() {}

    /**
     * Observes a captured answer; the caller says by {@link AnswerObserver#end} that it ended properly.
     *
     * @param text the body, or the transcript of a stream
     * @param stream whether it is a stream: server-sent events or lines of JSON
     * @param contentType the answer's {@code Content-Type}, or null
     */
    public static AnswerObserver observe(Dialect dialect, String text, boolean stream, @Nullable String contentType) {
        AnswerProtocol protocol = protocol(dialect, text.substring(0, Math.min(text.length(), MAX_LOOK)));
        AnswerObserver observer = stream && areLines(text, MediaType.of(contentType))
                ? new StreamObserver(new NdjsonParser(), protocol)
                : new SniffingObserver(protocol, stream);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        observer.feed(bytes, 0, bytes.length);
        return observer;
    }

    /** Lines of JSON, rather than events or one document over several lines. */
    private static boolean areLines(String text, MediaType type) {
        if (type == MediaType.NDJSON) {
            return true;
        }
        List<String> first =
                text.lines().filter(line -> !line.isBlank()).limit(2).toList();
        return !first.isEmpty()
                && first.stream().allMatch(line -> line.strip().startsWith("{"))
                && first.get(0).strip().endsWith("}");
    }

    private static AnswerProtocol protocol(Dialect dialect, String text) {
        if (holds(text, "\"type\":\"response.", "\"type\": \"response.", "event: response.", "event:response.")
                || holds(text, "\"object\":\"response\"", "\"object\": \"response\"")) {
            return new ResponsesAnswers();
        }
        if (holds(text, "\"choices\"")) {
            return new ChatAnswers();
        }
        if (holds(text, "\"message_start\"", "\"content_block\"", "\"stop_reason\"")) {
            return new MessagesAnswers();
        }
        if (holds(text, "\"candidates\"", "\"promptFeedback\"")) {
            return new GeminiAnswers();
        }
        if (holds(text, "\"messageStart\"", "\"contentBlockDelta\"", "\"stopReason\"")) {
            return new ConverseAnswers();
        }
        if (holds(text, "\"message-start\"", "\"content-delta\"", "\"stream-start\"", "\"text-generation\"")) {
            return new CohereAnswers();
        }
        if (holds(text, "\"done\"")) {
            return new OllamaAnswers();
        }
        if (holds(text, "\"embedding\"", "\"embeddings\"", "\"object\":\"list\"", "\"object\": \"list\"")) {
            return new OtherAnswers();
        }
        return switch (dialect) {
            case OPENAI -> new ChatAnswers();
            case ANTHROPIC -> new MessagesAnswers();
            case GEMINI -> new GeminiAnswers();
            case BEDROCK -> new ConverseAnswers();
            case OLLAMA -> new OllamaAnswers();
        };
    }

    private static boolean holds(String text, String... names) {
        return Stream.of(names).anyMatch(text::contains);
    }
}

package io.penstock.classify;

import io.penstock.dialect.AnswerObserver;
import io.penstock.dialect.AnswerObservers;
import io.penstock.dialect.ErrorBodyReader;
import io.penstock.dialect.Operation;
import io.penstock.dialect.ProviderError;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Explains a captured answer by the code that judges traffic: the same readers, the same observers, the same verdict, the
 * same classifier. Pure and thread-safe.
 */
public final class Explainer {
    private static final int FIRST_ERROR_STATUS = 400;

    /** What only OpenAI's Responses API sends; everything else on that dialect has the shape of chat completions. */
    private static final Pattern RESPONSES =
            Pattern.compile("\"type\"\\s*:\\s*\"response\\.|^event:\\s*response\\.|\"object\"\\s*:\\s*\"response\"", Pattern.MULTILINE);

    private final Classifier classifier;

    public Explainer(Classifier classifier) {
        this.classifier = classifier;
    }

    public Explanation explain(Captured captured) {
        Captured.Ending ending = captured.failure();
        if (ending != null && ending.signal() == null) {
            return new Explanation(null, true, null, captured.committed(), classifier.rulesVersion());
        }
        if (ending == null && captured.status() >= FIRST_ERROR_STATUS) {
            ProviderError error = ErrorBodyReader.read(
                    captured.body().getBytes(StandardCharsets.UTF_8), captured.headers().get("content-type"));
            return explained(
                    captured,
                    new Failure.Answer(captured.status(), captured.headers()::get, error),
                    captured.committed());
        }
        AnswerObserver observer = observed(captured, ending == null);
        // The first content is what would have been committed.
        boolean committed = captured.committed() || (captured.stream() && observer.contentSeen());
        Optional<Failure> failure = ending == null
                ? AnswerVerdict.atEnd(observer, operation(captured))
                : AnswerVerdict.atBreak(observer, signal(ending), null);
        return failure.map(f -> explained(captured, f, committed))
                .orElseGet(() -> new Explanation(null, false, null, committed, classifier.rulesVersion()));
    }

    private Explanation explained(Captured captured, Failure failure, boolean committed) {
        Subject subject = new Subject(captured.dialect(), captured.upstream(), captured.model(), committed);
        Phase phase = failure instanceof Failure.Signalled signalled
                ? signalled.signal().phase(committed)
                : committed ? Phase.MID_STREAM : Phase.PRE_COMMIT;
        return new Explanation(
                classifier.classify(failure, subject), false, phase, committed, classifier.rulesVersion());
    }

    private static Signal signal(Captured.Ending ending) {
        Signal signal = ending.signal();
        if (signal == null) {
            throw new IllegalArgumentException("unexpected ending: " + ending);
        }
        return signal;
    }

    private static AnswerObserver observed(Captured captured, boolean ended) {
        AnswerObserver observer =
                AnswerObservers.of(captured.dialect(), operation(captured), contentType(captured));
        byte[] body = captured.body().getBytes(StandardCharsets.UTF_8);
        observer.feed(body, 0, body.length);
        if (ended) {
            observer.end();
        }
        return observer;
    }

    private static String contentType(Captured captured) {
        String said = captured.headers().get("content-type");
        if (said != null) {
            return said;
        }
        if (!captured.stream()) {
            return "application/json";
        }
        return switch (firstCharacter(captured.body())) {
            case '{' -> "application/x-ndjson";
            case '[' -> "application/json";
            default -> "text/event-stream";
        };
    }

    private static char firstCharacter(String text) {
        String stripped = text.stripLeading();
        return stripped.isEmpty() ? ' ' : stripped.charAt(0);
    }

    private static Operation operation(Captured captured) {
        return switch (captured.dialect()) {
            case OPENAI -> RESPONSES.matcher(captured.body()).find() ? Operation.RESPONSES : Operation.CHAT_COMPLETIONS;
            case ANTHROPIC -> Operation.MESSAGES;
            case GEMINI -> Operation.GENERATE_CONTENT;
            case BEDROCK, OLLAMA -> Operation.OTHER;
        };
    }
}

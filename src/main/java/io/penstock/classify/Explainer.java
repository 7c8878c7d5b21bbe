package io.penstock.classify;

import io.penstock.dialect.AnswerObserver;
import io.penstock.dialect.ErrorBodyReader;
import io.penstock.dialect.Operation;
import io.penstock.dialect.ProviderError;
import io.penstock.dialect.Transcript;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Explains a captured answer by the code that judges traffic: the same readers, the same observers, the same verdict, the
 * same classifier. Pure and thread-safe.
 */
public final class Explainer {
    private static final int FIRST_ERROR_STATUS = 400;

    /** Stands for any operation that has an answer: who captured one waited for it. */
    private static final Operation ANSWERED = Operation.CHAT_COMPLETIONS;

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
                    captured.body().getBytes(StandardCharsets.UTF_8),
                    captured.headers().get("content-type"));
            return explained(
                    captured,
                    new Failure.Answer(captured.status(), captured.headers()::get, error),
                    captured.committed());
        }
        AnswerObserver observer = Transcript.observe(
                captured.dialect(),
                captured.body(),
                captured.stream(),
                captured.headers().get("content-type"));
        if (ending == null) {
            observer.end();
        }
        // The first content is what would have been committed.
        boolean committed = captured.committed() || (captured.stream() && observer.contentSeen());
        Optional<Failure> failure = ending == null
                ? AnswerVerdict.atEnd(observer, ANSWERED)
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
}

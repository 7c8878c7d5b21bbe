package io.penstock.classify;

import io.penstock.classify.CodeBook.Strength;
import io.penstock.classify.Evidence.Layer;
import io.penstock.dialect.ProviderError.Kind;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Works out what a failure really is: asks the layers of evidence in their order, and the first that is sure decides.
 * Immutable and thread-safe; the same failure gives the same answer, whether it came as an answer or inside a stream.
 */
public final class Classifier {

    private final RuleSet rules;
    private final List<EvidenceLayer> layers;
    private final RetryHints retryHints;

    /** @param clock against which a wait that is given as a date is measured */
    public Classifier(Clock clock, RuleSet rules) {
        this.rules = rules;
        CodeBook book = new CodeBook();
        this.retryHints = new RetryHints(clock);
        // The order is the design: a telling code before any wording, a wording that an account is empty before codes
        // that say only "refused" or "throttled", codes that are mere defaults after what the sentence says, and the
        // status last.
        this.layers = List.of(
                new SignalLayer(),
                rules.operatorLayer(),
                new QuotaWindowLayer(),
                new CodeLayer(book, Strength.TELLING),
                Wordings.QUOTA,
                Wordings.LONG_WINDOW,
                new CodeLayer(book, Strength.BROAD),
                rules.defaultLayer(),
                Wordings.UNAVAILABLE,
                Wordings.MODEL,
                new CodeLayer(book, Strength.GENERIC),
                new StatusLayer());
    }

    /** The content hash of the rules that are asked. */
    public String rulesVersion() {
        return rules.version();
    }

    public Classification classify(Failure failure, Subject subject) {
        Symptoms symptoms = Symptoms.of(failure, subject);
        Finding finding = layers.stream()
                .flatMap(layer -> layer.find(symptoms).stream())
                .findFirst()
                .orElseGet(() -> Finding.of(Category.UNKNOWN, Layer.NONE, "none", ""));
        Kind kind = symptoms.error().kind();
        boolean answered = kind == Kind.STRUCTURED || kind == Kind.JSON || kind == Kind.TEXT;
        int status = 0;
        Failure.Headers headers = Failure.Headers.NONE;
        String message = symptoms.error().message();
        if (failure instanceof Failure.Answer answer) {
            status = answer.status();
            headers = answer.headers();
        } else if (failure instanceof Failure.Signalled signalled) {
            message = signalled.detail();
        }
        return new Classification(
                finding.category(),
                finding.reaction(),
                finding.evidence(),
                status,
                answered,
                symptoms.providerCode(),
                message,
                retryHints.find(symptoms, finding.category()).orElse(null),
                shouldRetry(headers),
                trace(finding.rule(), symptoms));
    }

    private RuleTrace trace(@Nullable Rule decided, Symptoms symptoms) {
        return new RuleTrace(
                rules.version(),
                decided == null ? null : decided.id(),
                decided == null ? null : decided.response(),
                rules.operatorLayer().shadows(symptoms, decided));
    }

    private static @Nullable Boolean shouldRetry(Failure.Headers headers) {
        String value = Optional.ofNullable(headers.get("x-should-retry"))
                .map(text -> text.strip().toLowerCase(Locale.ROOT))
                .orElse("");
        return switch (value) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> null;
        };
    }
}

package io.penstock.cli;

import io.penstock.classify.Captured;
import io.penstock.classify.Classification;
import io.penstock.classify.Evidence;
import io.penstock.classify.Explanation;
import io.penstock.classify.Phase;
import io.penstock.classify.Redaction;
import io.penstock.classify.RetryHint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An explanation for people. */
final class ExplanationText {
    private ExplanationText() {}

    static String of(Captured captured, Explanation explanation) {
        Classification error = explanation.error();
        List<String> rows = new ArrayList<>();
        row(rows, "outcome", explanation.outcome());
        if (error != null) {
            row(rows, "error type", error.errorType().label());
            row(
                    rows,
                    "category",
                    error.category().name() + " (fault: "
                            + error.category().fault().label() + ")");
            row(rows, "because", because(error.evidence()));
            row(rows, "phase", phase(explanation.phase()));
            row(rows, "then", reaction(error, explanation.committed()));
            row(rows, "counts for", error.reaction().countsFor().label());
            RetryHint hint = error.retryHint();
            row(rows, "wait", hint == null ? null : hint.delay().toMillis() + " ms, from " + hint.source());
            row(rows, "rule", error.rules().rule());
            row(
                    rows,
                    "shadow",
                    error.rules().shadow().isEmpty()
                            ? null
                            : String.join(", ", error.rules().shadow()));
            row(rows, "message", error.message() == null ? null : Redaction.forRecord(error.message()));
        }
        row(rows, "dialect", captured.dialect().label());
        row(rows, "rules", explanation.rulesVersion());
        return String.join("\n", rows);
    }

    private static void row(List<String> rows, String name, @Nullable String value) {
        if (value != null) {
            rows.add(String.format(Locale.ROOT, "%-13s%s", name, value));
        }
    }

    private static String because(Evidence evidence) {
        String value = Redaction.mask(evidence.value());
        return switch (evidence.layer()) {
            case SIGNAL -> "of how the exchange ended: " + value;
            case OPERATOR_RULE -> "your rule " + value + " matches " + evidence.field();
            case DEFAULT_RULE -> "the default rule " + value + " matches " + evidence.field();
            case PROVIDER -> "the provider says so: " + evidence.field() + " has " + value;
            case STATUS -> "of the HTTP status " + value + ", as nothing in the body says more";
            case NONE -> "nothing tells";
        };
    }

    private static @Nullable String phase(@Nullable Phase phase) {
        return phase == null ? null : phase.label();
    }

    private static String reaction(Classification error, boolean committed) {
        if (committed) {
            return "nothing is repeated, because part of the answer has gone to the application";
        }
        List<String> steps = new ArrayList<>();
        if (error.reaction().rotateKey()) {
            steps.add("the next key");
        }
        if (error.retriesSame()) {
            steps.add("the same upstream again");
        }
        if (error.allowsFailover()) {
            steps.add("another upstream");
        }
        return steps.isEmpty() ? "the application gets this answer" : String.join(", then ", steps);
    }
}

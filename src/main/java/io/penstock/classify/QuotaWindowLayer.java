package io.penstock.classify;

import io.penstock.classify.Evidence.Layer;
import io.penstock.classify.Symptoms.Code;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How long the window is whose quota is used up. Google sends the same sentence for a minute's and for a day's quota;
 * the names of the violated quotas in {@code details} tell them apart
 * ({@code GenerateRequestsPerDayPerProjectPerModel-FreeTier}). The longest window decides.
 */
final class QuotaWindowLayer implements EvidenceLayer {

    private static final List<String> LONG = List.of("perday", "perweek", "permonth", "byday", "1/d/");
    private static final List<String> SHORT = List.of("persecond", "perminute", "perhour", "1/min/");

    /**
     * Alibaba says OpenAI's sentence for an empty account, with its code, where a minute's tokens are used up; the part of its
     * manual to which it points tells what it means.
     */
    private static final String MINUTE_OF_ALIBABA = "error-code#token-limit";

    @Override
    public Optional<Finding> find(Symptoms symptoms) {
        boolean limit = symptoms.status() == 429 || symptoms.status() == 0;
        if (limit && symptoms.prose().plain().contains(MINUTE_OF_ALIBABA)) {
            return Optional.of(Finding.of(Category.RATE_LIMIT, Layer.PROVIDER, "error.message", MINUTE_OF_ALIBABA));
        }
        return naming(symptoms, LONG)
                .map(code -> finding(Category.QUOTA_EXHAUSTED, code))
                .or(() -> naming(symptoms, SHORT).map(code -> finding(Category.RATE_LIMIT, code)))
                .or(() -> waitIsGiven(symptoms));
    }

    /** With neither window named, a {@code google.rpc.RetryInfo} says that waiting helps. */
    private static Optional<Finding> waitIsGiven(Symptoms symptoms) {
        return reasons(symptoms)
                .filter(code -> symptoms.status() == 429 && code.value().equals("RetryInfo"))
                .findFirst()
                .map(code -> finding(Category.RATE_LIMIT, code));
    }

    private static Optional<Code> naming(Symptoms symptoms, List<String> windows) {
        return reasons(symptoms)
                .filter(code -> {
                    String name = code.value().toLowerCase(Locale.ROOT).replace("_", "");
                    return windows.stream().anyMatch(name::contains);
                })
                .findFirst();
    }

    private static Stream<Code> reasons(Symptoms symptoms) {
        return symptoms.codes().stream().filter(code -> code.field().equals("error.reason"));
    }

    private static Finding finding(Category category, Code code) {
        return Finding.of(category, Layer.PROVIDER, code.field(), code.value());
    }
}

package io.penstock.classify;

import io.penstock.dialect.ProviderError;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Finds the wait that a provider asked for. The sources are asked in a fixed order, those that speak of this very refusal
 * before those that speak of a limit in general, and of two the more precise first: the headers made for it, fields of the
 * body, the provider's sentence, and last the headers about the limit's windows. A source that holds no sensible wait is
 * passed over.
 *
 * <p>Only where waiting mends the failure: a request that is wrong stays wrong, and what such an answer says about time may be
 * the request's own words.
 */
final class RetryHints {

    static final Duration LONGEST = WaitFormats.LONGEST;

    /** What no waiting mends, though it is no caller's fault. */
    private static final Set<Category> UNMENDED =
            Set.of(Category.AUTH_ERROR, Category.MODEL_NOT_FOUND, Category.REQUEST_TOO_LARGE);

    private final List<Header> headers;
    private final WaitFormats formats;
    private final LimitWindows windows;

    /** @param clock against which a wait that is given as a moment is measured */
    RetryHints(Clock clock) {
        this.formats = new WaitFormats(clock);
        this.windows = new LimitWindows(formats);
        this.headers = List.of(
                new Header("retry-after-ms", formats::milliseconds),
                new Header("x-ms-retry-after-ms", formats::milliseconds),
                new Header("retry-after", formats::any));
    }

    /** The wait for a failure that was found to be of this category. */
    Optional<RetryHint> find(Symptoms symptoms, Category category) {
        if (!waitingMends(category)) {
            return Optional.empty();
        }
        Failure.Headers answer = symptoms.failure() instanceof Failure.Answer a ? a.headers() : Failure.Headers.NONE;
        ProviderError error = symptoms.error();
        // A gateway shows the headers of the provider behind it in its body.
        Failure.Headers shown = name -> error.waits().stream()
                .filter(wait -> wait.field().equals(name))
                .findFirst()
                .map(ProviderError.Wait::value)
                .orElse(null);
        return asked(answer)
                .or(() -> asked(shown).map(RetryHints::ofBody))
                .or(() -> fields(error))
                .or(() -> isLimit(category) ? sentence(symptoms) : Optional.empty())
                .or(() -> window(answer, category))
                .or(() -> window(shown, category).map(RetryHints::ofBody));
    }

    private Optional<RetryHint> window(Failure.Headers told, Category category) {
        if (category.equals(Category.QUOTA_EXHAUSTED)) {
            return windows.findUsedUp(told);
        }
        return isLimit(category) ? windows.find(told) : Optional.empty();
    }

    /** What the headers say that are made to say when to ask again. */
    Optional<RetryHint> asked(Failure.Headers answer) {
        return headers.stream()
                .flatMap(header -> Optional.ofNullable(answer.get(header.name()))
                        .flatMap(header.reading())
                        .map(wait -> new RetryHint(wait, header.name()))
                        .stream())
                .findFirst();
    }

    private Optional<RetryHint> fields(ProviderError error) {
        return error.waits().stream()
                .filter(wait -> wait.field().indexOf('-') < 0)
                .flatMap(wait -> read(wait).stream())
                .findFirst();
    }

    private Optional<RetryHint> read(ProviderError.Wait wait) {
        Optional<Duration> read =
                wait.field().endsWith("_ms") ? formats.milliseconds(wait.value()) : formats.any(wait.value());
        return read.map(duration -> new RetryHint(duration, "error." + wait.field()));
    }

    private static Optional<RetryHint> sentence(Symptoms symptoms) {
        return WaitSentence.find(symptoms.prose()).map(wait -> new RetryHint(wait, "error.message"));
    }

    private static RetryHint ofBody(RetryHint hint) {
        return new RetryHint(hint.delay(), "error.headers." + hint.source());
    }

    private static boolean waitingMends(Category category) {
        return !category.caller() && !UNMENDED.contains(category);
    }

    /** Whether a window or a queue was full, which opens again with time. */
    private static boolean isLimit(Category category) {
        return category.type() == ErrorType.RATE_LIMITED || category.type() == ErrorType.OVERLOADED;
    }

    /** A header that says when to ask again. */
    private record Header(String name, Function<String, Optional<Duration>> reading) {}
}

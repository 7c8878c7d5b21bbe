package io.penstock.classify;

import io.penstock.dialect.ProviderError;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Finds the wait that a provider asked for. The sources are asked in a fixed order, those that speak of this very refusal
 * before those that speak of a limit in general, and of two the more precise first: the headers made for it, fields of the
 * body, the provider's sentence, and last the headers about the limit's windows. A source that holds no sensible wait is
 * passed over.
 *
 * <p>Only where waiting mends the failure: a request that is wrong stays wrong, and what such an answer says about time may be
 * the request's own words. An account that is used up is mended by its reset only: a wait of seconds that comes with it is
 * the throttle's, which sends the same header with every 429.
 */
final class RetryHints {

    static final Duration LONGEST = WaitFormats.LONGEST;

    /** What no waiting mends, though it is no caller's fault. */
    private static final Set<Category> UNMENDED =
            Set.of(Category.AUTH_ERROR, Category.MODEL_NOT_FOUND, Category.REQUEST_TOO_LARGE);

    /** No quota that counts as used up, rather than as a rate, comes back sooner. */
    private static final Duration SHORTEST_RESET = Duration.ofMinutes(1);

    /** Sources that speak of the end of a long window by name, which may be near. */
    private static final List<String> NAMED_RESETS = List.of("error.resets_", "-day", "unified-reset");

    private static final String SENTENCE = "error.message";

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
        Stream<RetryHint> found = Stream.<Supplier<Stream<RetryHint>>>of(
                        () -> told(answer),
                        () -> told(shown).map(RetryHints::ofBody),
                        () -> fields(error),
                        () -> isLimit(category) ? sentence(symptoms).stream() : Stream.empty(),
                        () -> window(answer, category).stream(),
                        () -> window(shown, category).map(RetryHints::ofBody).stream())
                .flatMap(Supplier::get);
        return (category.equals(Category.QUOTA_EXHAUSTED) ? found.filter(hint -> isReset(hint, symptoms)) : found)
                .findFirst();
    }

    private Optional<RetryHint> window(Failure.Headers told, Category category) {
        if (category.equals(Category.QUOTA_EXHAUSTED)) {
            return windows.findUsedUp(told);
        }
        return isWindow(category) ? windows.find(told) : Optional.empty();
    }

    /** What the headers say that are made to say when to ask again. */
    Optional<RetryHint> asked(Failure.Headers answer) {
        return told(answer).findFirst();
    }

    private Stream<RetryHint> told(Failure.Headers answer) {
        return headers.stream()
                .flatMap(header -> Optional.ofNullable(answer.get(header.name()))
                        .flatMap(header.reading())
                        .map(wait -> new RetryHint(wait, header.name()))
                        .stream());
    }

    private Stream<RetryHint> fields(ProviderError error) {
        return error.waits().stream()
                .filter(wait -> wait.field().indexOf('-') < 0)
                .flatMap(wait -> read(wait).stream());
    }

    private Optional<RetryHint> read(ProviderError.Wait wait) {
        Optional<Duration> read =
                wait.field().endsWith("_ms") ? formats.milliseconds(wait.value()) : formats.any(wait.value());
        return read.map(duration -> new RetryHint(duration, "error." + wait.field()));
    }

    private static Optional<RetryHint> sentence(Symptoms symptoms) {
        return WaitSentence.find(symptoms.prose().plain()).map(wait -> new RetryHint(wait, SENTENCE));
    }

    private static RetryHint ofBody(RetryHint hint) {
        return new RetryHint(hint.delay(), "error.headers." + hint.source());
    }

    /**
     * Whether it says when a quota comes back. A sentence that names a day's window means that window's end; Google's
     * {@code RetryInfo} says seconds for a day's quota too.
     */
    private static boolean isReset(RetryHint hint, Symptoms symptoms) {
        return hint.delay().compareTo(SHORTEST_RESET) >= 0
                || NAMED_RESETS.stream().anyMatch(hint.source()::contains)
                || (hint.source().equals(SENTENCE)
                        && symptoms.error().reasons().isEmpty()
                        && namesLongWindow(symptoms));
    }

    private static boolean namesLongWindow(Symptoms symptoms) {
        return Wordings.LONG_WINDOW.find(symptoms).isPresent();
    }

    private static boolean waitingMends(Category category) {
        return !category.caller() && !UNMENDED.contains(category);
    }

    /** Whether a window or a queue was full, which opens again with time. */
    private static boolean isLimit(Category category) {
        return isWindow(category) || category.type() == ErrorType.OVERLOADED;
    }

    /** Whether the account's window was full: when it opens again says nothing of how busy the provider is. */
    private static boolean isWindow(Category category) {
        return category.type() == ErrorType.RATE_LIMITED;
    }

    /** A header that says when to ask again. */
    private record Header(String name, Function<String, Optional<Duration>> reading) {}
}

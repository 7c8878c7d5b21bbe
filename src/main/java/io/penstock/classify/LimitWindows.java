package io.penstock.classify;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The wait that the headers about a limit's windows imply. They speak of every window, not of this refusal, so the question
 * is which window refused.
 *
 * <p>Windows with nothing left did, and all of them must open: the longest of their waits. Where none says that it is empty
 * (a request for 2000 tokens is refused while 1000 are left), it was the one with the smallest share left and, where shares
 * are not known, the one that opens first. For a wait that is too short costs one more refusal, which brings a better hint;
 * one that is too long (a day's window, hardly touched) costs the key for all that time.
 */
final class LimitWindows {

    /** A window's three headers. */
    private record Window(String reset, String remaining, String limit, boolean onlyEmpty) {

        static Window of(String pattern) {
            return new Window(
                    pattern.replace("*", "reset"),
                    pattern.replace("*", "remaining"),
                    pattern.replace("*", "limit"),
                    false);
        }

        /** Anthropic's windows are always all told, the day's among them: only an empty one says anything. */
        static Window onlyEmpty(String pattern) {
            Window window = of(pattern);
            return new Window(window.reset, window.remaining, window.limit, true);
        }
    }

    private record Reading(
            Window window,
            Duration opens,
            @Nullable BigDecimal remaining,
            @Nullable BigDecimal share) {

        boolean empty() {
            return remaining != null && remaining.signum() == 0;
        }

        boolean somethingLeft() {
            return remaining != null && !empty();
        }
    }

    private static final List<Window> WINDOWS = Stream.concat(
                    Stream.of(
                                    "anthropic-ratelimit-requests-*",
                                    "anthropic-ratelimit-tokens-*",
                                    "anthropic-ratelimit-input-tokens-*",
                                    "anthropic-ratelimit-output-tokens-*")
                            .map(Window::onlyEmpty),
                    Stream.of(
                                    "x-ratelimit-*-requests",
                                    "x-ratelimit-*-tokens",
                                    "x-ratelimit-*-requests-minute",
                                    "x-ratelimit-*-tokens-minute",
                                    "x-ratelimit-*-requests-day",
                                    "x-ratelimit-*-tokens-day",
                                    "x-ratelimit-*",
                                    "ratelimit-*",
                                    "ratelimitbysize-*")
                            .map(Window::of))
            .toList();

    private static final String UNIFIED_STATUS = "anthropic-ratelimit-unified-status";
    private static final String UNIFIED_RESET = "anthropic-ratelimit-unified-reset";

    private final WaitFormats formats;

    LimitWindows(WaitFormats formats) {
        this.formats = formats;
    }

    /** For a refusal that some window is behind. */
    Optional<RetryHint> find(Failure.Headers headers) {
        List<Reading> readings = readings(headers);
        return unified(headers)
                .or(() -> hint(longest(readings.stream().filter(Reading::empty))))
                .or(() -> hint(mostUsed(readings)));
    }

    /**
     * For a refusal that an empty account may be behind as well: such an account opens with no window, and the windows that
     * have something left are told all the same.
     */
    Optional<RetryHint> findUsedUp(Failure.Headers headers) {
        return unified(headers)
                .or(() -> hint(longest(readings(headers).stream().filter(reading -> !reading.somethingLeft()))));
    }

    private Optional<RetryHint> unified(Failure.Headers headers) {
        if ("rejected".equals(headers.get(UNIFIED_STATUS))) {
            return wait(headers, UNIFIED_RESET).map(wait -> new RetryHint(wait, UNIFIED_RESET));
        }
        return Optional.empty();
    }

    private List<Reading> readings(Failure.Headers headers) {
        return WINDOWS.stream()
                .flatMap(window -> reading(window, headers).stream())
                .toList();
    }

    private static Optional<RetryHint> hint(Optional<Reading> reading) {
        return reading.map(found -> new RetryHint(found.opens(), found.window().reset()));
    }

    private static Optional<Reading> longest(Stream<Reading> readings) {
        return readings.max(Comparator.comparing(Reading::opens));
    }

    private static Optional<Reading> mostUsed(List<Reading> readings) {
        List<Reading> open = readings.stream()
                .filter(reading -> !reading.window().onlyEmpty())
                .toList();
        return open.stream()
                .filter(reading -> reading.share() != null)
                .min(Comparator.comparing(reading -> reading.share() == null ? BigDecimal.ONE : reading.share()))
                .or(() -> open.stream().min(Comparator.comparing(Reading::opens)));
    }

    private Optional<Reading> reading(Window window, Failure.Headers headers) {
        return wait(headers, window.reset()).map(wait -> {
            BigDecimal remaining = count(headers.get(window.remaining()));
            BigDecimal limit = count(headers.get(window.limit()));
            BigDecimal share = remaining == null || limit == null || limit.signum() == 0
                    ? null
                    : remaining.divide(limit, 6, RoundingMode.HALF_UP);
            return new Reading(window, wait, remaining, share);
        });
    }

    private Optional<Duration> wait(Failure.Headers headers, String name) {
        return Optional.ofNullable(headers.get(name)).flatMap(formats::any);
    }

    private static @Nullable BigDecimal count(@Nullable String value) {
        String stripped = value == null ? "" : value.strip();
        boolean digits = !stripped.isEmpty()
                && stripped.length() <= 15
                && stripped.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? new BigDecimal(stripped) : null;
    }
}

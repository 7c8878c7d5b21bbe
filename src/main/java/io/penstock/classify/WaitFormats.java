package io.penstock.classify;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The ways in which providers write how long to wait. A wait is rounded up to whole milliseconds, because who asks again a
 * moment too early is refused again; a moment that has passed means no wait; none is longer than {@link #LONGEST}.
 */
final class WaitFormats {

    /** A longer wait is no information any more; the cap also keeps arithmetic on waits from overflowing. */
    static final Duration LONGEST = Duration.ofDays(365);

    private static final int LONGEST_VALUE = 64;
    private static final int MAX_DIGITS = 15;
    /** Numbers from here on are moments: as seconds it is the year 2001, as a wait it is thirty years. */
    private static final BigDecimal FIRST_EPOCH_SECOND = BigDecimal.valueOf(1_000_000_000L);

    private static final BigDecimal FIRST_EPOCH_MILLISECOND = BigDecimal.valueOf(1_000_000_000_000L);

    private final Clock clock;

    /** @param clock against which a moment is measured */
    WaitFormats(Clock clock) {
        this.clock = clock;
    }

    /** A number of milliseconds, such as {@code 1500} or {@code 0.5}. */
    Optional<Duration> milliseconds(String value) {
        return bounded(value).flatMap(WaitFormats::number).map(WaitFormats::ofMillis);
    }

    /**
     * A wait in any other form: seconds ({@code 2}, {@code 0.25}), a moment as seconds or milliseconds of Unix time, a span
     * ({@code 6m0s}, {@code 20ms}), or a date of RFC 3339 or of HTTP.
     */
    Optional<Duration> any(String value) {
        return bounded(value).flatMap(text -> secondsOrEpoch(text)
                .or(() -> span(text))
                .or(() -> timestamp(text))
                .or(() -> httpDate(text)));
    }

    static Duration ofMillis(BigDecimal millis) {
        BigDecimal longest = BigDecimal.valueOf(LONGEST.toMillis());
        return Duration.ofMillis(
                millis.min(longest).setScale(0, RoundingMode.CEILING).longValue());
    }

    private static Optional<String> bounded(String value) {
        String stripped = value.strip();
        return stripped.isEmpty() || stripped.length() > LONGEST_VALUE ? Optional.empty() : Optional.of(stripped);
    }

    /** Digits with at most one point between them, and no more of them than any wait has. */
    private static Optional<BigDecimal> number(String text) {
        int point = text.indexOf('.');
        String whole = point < 0 ? text : text.substring(0, point);
        String fraction = point < 0 ? "0" : text.substring(point + 1);
        return areDigits(whole) && areDigits(fraction) ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }

    private static boolean areDigits(String text) {
        return !text.isEmpty() && text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private Optional<Duration> secondsOrEpoch(String text) {
        return number(text).map(number -> {
            if (number.compareTo(FIRST_EPOCH_MILLISECOND) >= 0) {
                return until(number);
            }
            BigDecimal millis = number.multiply(BigDecimal.valueOf(1000));
            return number.compareTo(FIRST_EPOCH_SECOND) >= 0 ? until(millis) : ofMillis(millis);
        });
    }

    private Duration until(BigDecimal epochMillis) {
        return ofMillis(epochMillis
                .subtract(BigDecimal.valueOf(clock.instant().toEpochMilli()))
                .max(BigDecimal.ZERO));
    }

    private static Optional<Duration> span(String text) {
        return TimeSpan.at(text.toLowerCase(Locale.ROOT), 0)
                .filter(span -> span.end() == text.length())
                .map(TimeSpan::duration);
    }

    private Optional<Duration> timestamp(String text) {
        try {
            return Optional.of(until(OffsetDateTime.parse(text).toInstant()));
        } catch (DateTimeException notThisForm) {
            return Optional.empty();
        }
    }

    private Optional<Duration> httpDate(String text) {
        return HttpDates.FORMATS.stream()
                .flatMap(format -> date(text, format).stream())
                .findFirst()
                .map(this::until);
    }

    private Duration until(Instant moment) {
        Duration wait = Duration.between(clock.instant(), moment);
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }

    private static Optional<Instant> date(String value, DateTimeFormatter format) {
        try {
            return Optional.of(Instant.from(format.parse(value)));
        } catch (DateTimeException notThisForm) {
            return Optional.empty();
        }
    }

    /** The three forms of an HTTP date, RFC 9110 §5.6.7. */
    private static final class HttpDates {
        static final List<DateTimeFormatter> FORMATS = List.of(
                DateTimeFormatter.RFC_1123_DATE_TIME,
                new DateTimeFormatterBuilder()
                        .appendPattern("EEEE, dd-MMM-")
                        .appendValueReduced(ChronoField.YEAR, 2, 2, 2000)
                        .appendPattern(" HH:mm:ss 'GMT'")
                        .toFormatter(Locale.ENGLISH)
                        .withZone(ZoneOffset.UTC),
                DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
                        .withZone(ZoneOffset.UTC));
    }
}

package io.penstock.classify;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Finds the wait that a provider asked for. The sources are asked in the order of {@link #sources}, the most precise
 * first; a source that holds no sensible wait is passed over.
 */
final class RetryHints {

    /** A longer wait is no information any more; the cap also keeps arithmetic on waits from overflowing. */
    static final Duration LONGEST = Duration.ofDays(365);

    private static final Pattern DECIMAL = Pattern.compile("\\d{1,15}(\\.\\d{1,15})?");
    private static final int LONGEST_VALUE = 64;

    private final Clock clock;
    private final List<Source> sources;

    RetryHints(Clock clock) {
        this.clock = clock;
        this.sources = List.of(
                new Source("retry-after-ms", value -> decimal(value, 1)),
                new Source("retry-after", value -> decimal(value, 1000).or(() -> httpDate(value))));
    }

    Optional<RetryHint> find(Failure.Headers headers) {
        for (Source source : sources) {
            Optional<RetryHint> hint = Optional.ofNullable(headers.get(source.header()))
                    .map(String::strip)
                    .filter(value -> value.length() <= LONGEST_VALUE)
                    .flatMap(source.reading())
                    .map(wait -> new RetryHint(wait.compareTo(LONGEST) > 0 ? LONGEST : wait, source.header()));
            if (hint.isPresent()) {
                return hint;
            }
        }
        return Optional.empty();
    }

    /** Rounded up to whole milliseconds: who asks again a moment too early is refused again. */
    private static Optional<Duration> decimal(String value, int millisPerUnit) {
        if (!DECIMAL.matcher(value).matches()) {
            return Optional.empty();
        }
        BigDecimal millis = new BigDecimal(value).multiply(BigDecimal.valueOf(millisPerUnit));
        return Optional.of(
                Duration.ofMillis(millis.setScale(0, RoundingMode.CEILING).longValue()));
    }

    /** A date that has passed means no wait. */
    private Optional<Duration> httpDate(String value) {
        return HttpDates.FORMATS.stream()
                .flatMap(format -> date(value, format).stream())
                .findFirst()
                .map(date -> Duration.between(clock.instant(), date))
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
    }

    private static Optional<Instant> date(String value, DateTimeFormatter format) {
        try {
            return Optional.of(Instant.from(format.parse(value)));
        } catch (DateTimeException notThisForm) {
            return Optional.empty();
        }
    }

    /** One place where a wait may stand. */
    private record Source(String header, Function<String, Optional<Duration>> reading) {}

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

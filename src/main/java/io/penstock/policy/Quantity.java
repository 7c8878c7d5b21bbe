package io.penstock.policy;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers with a unit, as they are written in the policy file. */
final class Quantity {
    static final String DURATION_FORM =
            "a duration: a whole number and a unit (ms, s, m, h), such as 2s, more than 0 and at most 24h";
    static final String BYTES_FORM =
            "a size: bytes as a whole number, or with a unit (KiB, MiB, GiB), such as 32MiB, from 1 to 1GiB";

    private static final Duration LONGEST = Duration.ofHours(24);
    private static final long LARGEST = 1L << 30;
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final Pattern BYTES = Pattern.compile("([0-9]{1,10})(|KiB|MiB|GiB)");

    private Quantity() {}

    static Optional<Duration> duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Duration duration = Duration.of(Long.parseLong(matcher.group(1)), timeUnit(matcher.group(2)));
        return duration.isZero() || duration.compareTo(LONGEST) > 0 ? Optional.empty() : Optional.of(duration);
    }

    static Optional<Long> bytes(String text) {
        Matcher matcher = BYTES.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        int shift = sizeShift(matcher.group(2));
        return number < 1 || number > LARGEST >> shift ? Optional.empty() : Optional.of(number << shift);
    }

    private static ChronoUnit timeUnit(String unit) {
        return switch (unit) {
            case "ms" -> ChronoUnit.MILLIS;
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            default -> ChronoUnit.HOURS;
        };
    }

    private static int sizeShift(String unit) {
        return switch (unit) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            default -> 0;
        };
    }
}

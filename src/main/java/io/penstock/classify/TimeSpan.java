package io.penstock.classify;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A span of time written with its units, inside a text: {@code 4.77s}, {@code 9m38.016s}, {@code 20ms}, {@code 1h2m},
 * {@code 45 seconds}, {@code 1 minute and 30 seconds}, {@code 10:23:45}, {@code 60秒}.
 *
 * @param duration how long it is, rounded up to milliseconds
 * @param end the place in the text after it
 */
record TimeSpan(Duration duration, int end) {
    private static final int MAX_DIGITS = 15;
    private static final int MAX_PARTS = 6;
    private static final BigDecimal MINUTE = BigDecimal.valueOf(60_000);
    private static final BigDecimal HOUR = BigDecimal.valueOf(3_600_000);

    /** The span that begins at a place; empty where none does. A number without a unit is none. Reads no further than it. */
    static Optional<TimeSpan> at(String text, int start) {
        Optional<TimeSpan> clock = clock(text, start);
        if (clock.isPresent()) {
            return clock;
        }
        BigDecimal millis = BigDecimal.ZERO;
        int end = start;
        for (int parts = 0; parts < MAX_PARTS; parts++) {
            Part part = part(text, parts == 0 ? start : afterConjunction(text, end));
            if (part == null) {
                break;
            }
            millis = millis.add(part.millis);
            end = part.end;
        }
        return end == start ? Optional.empty() : Optional.of(new TimeSpan(WaitFormats.ofMillis(millis), end));
    }

    private record Part(BigDecimal millis, int end) {}

    private static @Nullable Part part(String text, int start) {
        int end = afterDigits(text, start);
        if (end == start) {
            return null;
        }
        int fraction = end < text.length() && text.charAt(end) == '.' ? afterDigits(text, end + 1) : end;
        int numberEnd = fraction > end + 1 ? fraction : end;
        int unitStart = afterBlanks(text, numberEnd);
        int unitEnd = unitStart;
        while (unitEnd < text.length() && isLatin(text.charAt(unitEnd))) {
            unitEnd++;
        }
        String unit = text.substring(unitStart, unitEnd);
        if (unit.isEmpty()) {
            return chinese(text, unitStart, new BigDecimal(text.substring(start, numberEnd)));
        }
        BigDecimal millisPerUnit = millis(unit);
        return millisPerUnit == null
                ? null
                : new Part(new BigDecimal(text.substring(start, numberEnd)).multiply(millisPerUnit), unitEnd);
    }

    private static @Nullable Part chinese(String text, int at, BigDecimal number) {
        for (String unit : new String[] {"毫秒", "秒", "分钟", "小时"}) {
            if (text.startsWith(unit, at)) {
                BigDecimal millis =
                        switch (unit) {
                            case "毫秒" -> BigDecimal.ONE;
                            case "秒" -> BigDecimal.valueOf(1000);
                            case "分钟" -> MINUTE;
                            default -> HOUR;
                        };
                return new Part(number.multiply(millis), at + unit.length());
            }
        }
        return null;
    }

    private static @Nullable BigDecimal millis(String unit) {
        return switch (unit) {
            case "ms", "msec", "msecs", "millis", "millisecond", "milliseconds" -> BigDecimal.ONE;
            case "s", "sec", "secs", "second", "seconds" -> BigDecimal.valueOf(1000);
            case "m", "min", "mins", "minute", "minutes" -> MINUTE;
            case "h", "hr", "hrs", "hour", "hours" -> HOUR;
            case "d", "day", "days" -> BigDecimal.valueOf(86_400_000);
            default -> null;
        };
    }

    /** Hours, minutes and seconds between colons, as Azure API Management writes them. */
    private static Optional<TimeSpan> clock(String text, int start) {
        int at = start;
        BigDecimal seconds = BigDecimal.ZERO;
        for (int i = 0; i < 3; i++) {
            int end = afterDigits(text, at);
            if (end == at || (i < 2 && (end == text.length() || text.charAt(end) != ':'))) {
                return Optional.empty();
            }
            seconds = seconds.multiply(BigDecimal.valueOf(60)).add(new BigDecimal(text.substring(at, end)));
            at = i < 2 ? end + 1 : end;
        }
        return Optional.of(new TimeSpan(WaitFormats.ofMillis(seconds.multiply(BigDecimal.valueOf(1000))), at));
    }

    private static int afterDigits(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        // More digits than any wait has are no number: an id, a key.
        return at - start > MAX_DIGITS ? start : at;
    }

    private static int afterConjunction(String text, int start) {
        int at = start;
        if (at < text.length() && text.charAt(at) == ',') {
            at++;
        }
        at = afterBlanks(text, at);
        return text.startsWith("and ", at) ? at + "and ".length() : at;
    }

    private static int afterBlanks(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) == ' ' && at - start < 2) {
            at++;
        }
        return at;
    }

    private static boolean isLatin(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}

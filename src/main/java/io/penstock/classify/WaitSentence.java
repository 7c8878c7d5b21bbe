package io.penstock.classify;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The wait that a provider's own words name: "Please try again in 4.77s", "retry after 86400 seconds". Sought in
 * {@link Prose}, so that nothing that is quoted counts.
 */
final class WaitSentence {

    /** What stands before the span; lower case. */
    private static final List<String> OPENINGS = List.of(
            "again in ",
            "again after ",
            "retry in ",
            "retry after ",
            "retrying in ",
            "retry your request in ",
            "retry your request after ",
            "wait ",
            "wait for ",
            "reset in ",
            "resets in ",
            "reset after ",
            "resets after ",
            "available in ",
            "replenished in ",
            "请在",
            "等待");

    private static final List<String> ROUGHLY = List.of("about ", "approximately ", "another ", "at least ");

    private WaitSentence() {}

    /** @param prose what {@link Prose} leaves of the message */
    static Optional<Duration> find(String prose) {
        for (String opening : OPENINGS) {
            for (int at = prose.indexOf(opening); at >= 0; at = prose.indexOf(opening, at + 1)) {
                Optional<TimeSpan> span = TimeSpan.at(prose, skipped(prose, at + opening.length()));
                if (span.isPresent()) {
                    return span.map(TimeSpan::duration);
                }
            }
        }
        return Optional.empty();
    }

    private static int skipped(String prose, int start) {
        int at = start < prose.length() && prose.charAt(start) == ' ' ? start + 1 : start;
        for (String word : ROUGHLY) {
            if (prose.startsWith(word, at)) {
                return at + word.length();
            }
        }
        return at;
    }
}

package io.penstock.classify;

import io.penstock.dialect.Dialect;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * For which failures a rule is asked. Each part that is empty does not narrow.
 *
 * @param statuses HTTP statuses; an error inside a 200 that names no status of its own is in every range
 * @param dialects the upstream's dialect
 * @param upstreams names of upstreams
 * @param models models that the application may have asked for, with {@code *} for any run of characters
 */
public record RuleScope(List<StatusRange> statuses, Set<Dialect> dialects, Set<String> upstreams, List<String> models) {

    /** No narrowing. */
    public static final RuleScope ALL = new RuleScope(List.of(), Set.of(), Set.of(), List.of());

    /** Both ends are part of it. */
    public record StatusRange(int from, int to) {

        boolean has(int status) {
            return from <= status && status <= to;
        }

        boolean has(StatusRange other) {
            return from <= other.from && other.to <= to;
        }

        @Override
        public String toString() {
            return from == to ? Integer.toString(from) : from + "-" + to;
        }
    }

    boolean covers(int status, Subject subject) {
        return (statuses.isEmpty() || status == 0 || statuses.stream().anyMatch(range -> range.has(status)))
                && (dialects.isEmpty() || dialects.contains(subject.dialect()))
                && (upstreams.isEmpty() || (subject.upstream() != null && upstreams.contains(subject.upstream())))
                && (models.isEmpty() || models.stream().anyMatch(glob -> globMatches(glob, subject.model())));
    }

    /** Whether every status it covers is a 4xx. */
    boolean onlyClientErrors() {
        return !statuses.isEmpty() && statuses.stream().allMatch(range -> range.from() >= 400 && range.to() <= 499);
    }

    /** Whether every failure that the other scope covers is covered by this one. */
    boolean contains(RuleScope other) {
        return (statuses.isEmpty()
                        || (!other.statuses.isEmpty()
                                && other.statuses.stream()
                                        .allMatch(theirs -> statuses.stream().anyMatch(mine -> mine.has(theirs)))))
                && contains(dialects, other.dialects)
                && contains(upstreams, other.upstreams)
                && (models.isEmpty() || models.equals(other.models));
    }

    private static <T> boolean contains(Set<T> mine, Set<T> others) {
        return mine.isEmpty() || (!others.isEmpty() && mine.containsAll(others));
    }

    /** Greedy and without backtracking over more than one star: linear for all practical purposes. */
    private static boolean globMatches(String glob, @Nullable String model) {
        if (model == null) {
            return false;
        }
        String[] parts = glob.split("\\*", -1);
        String last = parts[parts.length - 1];
        if (parts.length == 1) {
            return model.equals(glob);
        }
        int end = model.length() - last.length();
        if (!model.startsWith(parts[0]) || end < parts[0].length() || !model.endsWith(last)) {
            return false;
        }
        int at = parts[0].length();
        for (int i = 1; i < parts.length - 1; i++) {
            int found = model.indexOf(parts[i], at);
            if (found < 0 || found + parts[i].length() > end) {
                return false;
            }
            at = found + parts[i].length();
        }
        return true;
    }
}

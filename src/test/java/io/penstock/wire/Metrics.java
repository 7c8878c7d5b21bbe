package io.penstock.wire;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A scrape: the series of Prometheus' text format. */
record Metrics(List<Series> series) {
    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? (\\S+)(?: \\d+)?");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    record Series(String name, Map<String, String> labels, double value) {}

    static Metrics parse(String text) {
        return new Metrics(text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(Metrics::series)
                .toList());
    }

    /** The sum of the series of that name with these labels, and any others; names and values in turn. */
    double sum(String name, String... labels) {
        return matching(name, labels).mapToDouble(Series::value).sum();
    }

    /** Whether there is such a series, whatever its value. */
    boolean has(String name, String... labels) {
        return matching(name, labels).findAny().isPresent();
    }

    private Stream<Series> matching(String name, String... labels) {
        Map<String, String> wanted = new HashMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            wanted.put(labels[i], labels[i + 1]);
        }
        return series.stream()
                .filter(s -> s.name().equals(name) && s.labels().entrySet().containsAll(wanted.entrySet()));
    }

    private static Series series(String line) {
        var matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new AssertionError("not a Prometheus series: " + line);
        }
        return new Series(matcher.group(1), labels(matcher.group(2)), Double.parseDouble(value(matcher.group(3))));
    }

    private static Map<String, String> labels(String text) {
        return text == null
                ? Map.of()
                : LABEL.matcher(text)
                        .results()
                        .collect(Collectors.toMap((MatchResult m) -> m.group(1), m -> m.group(2)));
    }

    private static String value(String text) {
        return text.replace("+Inf", "Infinity").replace("-Inf", "-Infinity");
    }
}

package io.penstock.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the counters that the demo has moved in a Prometheus exposition (text format 0.0.4). Pure. */
final class DemoMetrics {
    private static final List<String> NAMES = List.of(
            "penstock_errors_total",
            "penstock_retries_total",
            "penstock_key_rotations_total",
            "penstock_failovers_total",
            "penstock_circuit_transitions_total");
    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? +(\\S+)(?: \\d+)?");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

    private DemoMetrics() {}

    private record Sample(String name, Map<String, String> labels, double value) {}

    /** Lines that show each counter with its labels as columns; counters at zero are left out. */
    static List<String> moved(String exposition) {
        List<Sample> samples = exposition
                .lines()
                .flatMap(DemoMetrics::sample)
                .filter(s -> s.value() > 0)
                .toList();
        List<String> lines = new ArrayList<>();
        for (String name : NAMES) {
            List<Sample> named =
                    samples.stream().filter(s -> s.name().equals(name)).toList();
            if (!named.isEmpty()) {
                lines.add(name);
                lines.addAll(table(named));
            }
        }
        return lines;
    }

    private static List<String> table(List<Sample> samples) {
        List<String> labels = List.copyOf(samples.get(0).labels().keySet());
        List<List<String>> rows = new ArrayList<>();
        rows.add(prefixed("", labels));
        for (Sample sample : samples) {
            rows.add(prefixed(
                    "%.0f".formatted(sample.value()),
                    labels.stream()
                            .map(label -> sample.labels().getOrDefault(label, ""))
                            .toList()));
        }
        DemoTable table = DemoTable.fitting(rows);
        return rows.stream()
                .flatMap(row -> table.row(row).stream())
                .map(line -> "  " + line)
                .toList();
    }

    private static List<String> prefixed(String first, List<String> rest) {
        return Stream.concat(Stream.of(first), rest.stream()).toList();
    }

    private static Stream<Sample> sample(String line) {
        Matcher sample = SAMPLE.matcher(line);
        if (line.startsWith("#") || !sample.matches()) {
            return Stream.empty();
        }
        Map<String, String> labels = new LinkedHashMap<>();
        if (sample.group(2) != null) {
            Matcher label = LABEL.matcher(sample.group(2));
            while (label.find()) {
                labels.put(label.group(1), label.group(2));
            }
        }
        return Stream.of(new Sample(sample.group(1), labels, Double.parseDouble(sample.group(3))));
    }
}

package io.penstock.telemetry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What Prometheus reads: every sample by its name and labels, the labels in the order of the text. */
record Scrape(Map<String, Double> samples, List<String> lines) {
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+(?:\\{.*})?) (\\S+)");

    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");

    static Scrape of(String text) {
        List<String> lines = text.lines().toList();
        Map<String, Double> samples = new LinkedHashMap<>();
        for (String line : lines) {
            Matcher matcher = SAMPLE.matcher(line);
            if (!line.startsWith("#") && matcher.matches()) {
                samples.put(matcher.group(1).replace(",}", "}"), Double.valueOf(matcher.group(2)));
            }
        }
        return new Scrape(samples, lines);
    }

    /** The sample's value; fails where there is no such series. */
    double value(String series) {
        Double value = samples.get(series);
        if (value == null) {
            throw new AssertionError("no series " + series + " among\n" + String.join("\n", samples.keySet()));
        }
        return value;
    }

    /** The series that are not zero, besides gauges of the configuration. */
    Map<String, Double> counted() {
        Map<String, Double> counted = new LinkedHashMap<>(samples);
        counted.entrySet().removeIf(e -> e.getValue() == 0 || e.getKey().contains("_info{"));
        return counted;
    }

    Stream<String> series(String name) {
        return samples.keySet().stream().filter(series -> series.equals(name) || series.startsWith(name + "{"));
    }

    /** The names of the metrics, as their types are declared. */
    Map<String, String> types() {
        Map<String, String> types = new LinkedHashMap<>();
        for (String line : lines) {
            Matcher matcher = TYPE.matcher(line);
            if (matcher.matches()) {
                types.put(matcher.group(1), matcher.group(2));
            }
        }
        return types;
    }
}

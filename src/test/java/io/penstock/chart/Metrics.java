package io.penstock.chart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The metrics of {@code docs/metrics.md}, and whether PromQL speaks of them and of no others. */
final class Metrics {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (counter|gauge|histogram) \\| ([^|]*)\\|");
    private static final Pattern LABEL = Pattern.compile("`([a-z_]+)`");
    private static final Pattern NAME = Pattern.compile("\\b(?:penstock|gen_ai)_[a-z_]+\\b(?!\")");

    /** A metric with the labels in braces behind it. */
    private static final Pattern SELECTOR = Pattern.compile("\\b((?:penstock|gen_ai)_[a-z_]+)\\{([^}]*)}");

    private static final Pattern MATCHER = Pattern.compile("([a-z_]+)\\s*(?:=~|!~|!=|=)\\s*\"");

    /** Labels that Prometheus adds when it discovers a pod. */
    private static final Set<String> OF_DISCOVERY = Set.of("namespace", "pod", "container");

    private final Map<String, Set<String>> labels;

    private Metrics(Map<String, Set<String>> labels) {
        this.labels = labels;
    }

    static Metrics documented() {
        Map<String, Set<String>> labels = new TreeMap<>();
        ROW.matcher(Chart.text(Path.of("docs/metrics.md"))).results().forEach(row -> {
            Set<String> own = LABEL.matcher(row.group(3))
                    .results()
                    .map(label -> label.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            if (row.group(2).equals("histogram")) {
                own.add("le");
                Stream.of("_bucket", "_sum", "_count", "_max").forEach(end -> labels.put(row.group(1) + end, own));
            } else {
                labels.put(row.group(1), own);
            }
        });
        return new Metrics(labels);
    }

    Set<String> names() {
        return labels.keySet();
    }

    /** What an expression asks of metrics or labels that are not documented. */
    List<String> unknownIn(String expression) {
        // A label of the conventions has the prefix of a metric; names behind `by` are labels.
        String bare = expression.replaceAll("\\b(by|without)\\s*\\([^)]*\\)", "");
        Stream<String> metrics = NAME.matcher(bare.replaceAll("\\{[^}]*}", ""))
                .results()
                .map(MatchResult::group)
                .filter(name -> !labels.containsKey(name));
        Stream<String> matchers = SELECTOR.matcher(bare).results().flatMap(selector -> MATCHER.matcher(
                        selector.group(2))
                .results()
                .map(matcher -> matcher.group(1))
                .filter(label -> !OF_DISCOVERY.contains(label)
                        && !labels.getOrDefault(selector.group(1), Set.of()).contains(label))
                .map(label -> selector.group(1) + "{" + label + "}"));
        return Stream.concat(metrics, matchers).toList();
    }

    /** A rule file that promtool can check, with each expression as a recording rule. */
    static Path asRules(Iterable<String> expressions, Path directory) {
        StringBuilder rules = new StringBuilder("groups:\n- name: expressions\n  rules:\n");
        int number = 0;
        for (String expression : expressions) {
            rules.append("  - record: expression:number").append(number++).append("\n    expr: |-\n      ");
            rules.append(expression.replace("\n", "\n      ")).append('\n');
        }
        try {
            return Files.writeString(directory.resolve("rules.yaml"), rules);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

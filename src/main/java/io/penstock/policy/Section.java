package io.penstock.policy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A mapping of the file: unknown and repeated keys are problems, known ones are asked for with their default. */
public final class Section {
    private final Place place;
    private final KnownKeys keys;
    private final Map<String, Value> values;
    private final Problems problems;

    private Section(Place place, KnownKeys keys, Map<String, Value> values, Problems problems) {
        this.place = place;
        this.keys = keys;
        this.values = values;
        this.problems = problems;
    }

    static Section read(MappingNode mapping, Place place, KnownKeys keys, Problems problems) {
        Map<String, Value> values = new HashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            int line = Value.line(entry.getKeyNode());
            String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
            if (entry.getKeyNode().getTag().equals(Tag.MERGE)) {
                problems.error(place.key("<<", line), "merge keys are not supported: write the keys out");
            } else if (!keys.names().contains(key)) {
                problems.error(place.key(printable(key, keys), line), unknown(key, keys));
            } else {
                int valueLine = Value.line(entry.getValueNode());
                Value value = new Value(entry.getValueNode(), place.key(key, valueLine), problems);
                Value first = values.putIfAbsent(key, value);
                if (first != null) {
                    problems.error(
                            place.key(key, line),
                            "is there twice, first on line " + first.place().line() + ": remove one of them");
                }
            }
        }
        return new Section(place, keys, values, problems);
    }

    /** A section that the file leaves out. */
    static Section absent(Place place, KnownKeys keys, Problems problems) {
        return new Section(place, keys, Map.of(), problems);
    }

    Place place() {
        return place;
    }

    public @Nullable Value get(String key) {
        if (!keys.names().contains(key)) {
            throw new IllegalArgumentException("unexpected key: " + key + " (expected: " + keys.names() + ")");
        }
        return values.get(key);
    }

    /** The value of a key that must be there; {@code example} shows what to add where it is not. */
    public @Nullable Value required(String key, String example) {
        Value value = get(key);
        if (value == null) {
            problems.error(place.key(key, place.line()), "is missing: add it, such as " + key + ": " + example);
        }
        return value;
    }

    public Section section(String key, KnownKeys sectionKeys) {
        Value value = get(key);
        Section section = value == null ? null : value.section(sectionKeys);
        return section == null ? absent(place.key(key, place.line()), sectionKeys, problems) : section;
    }

    public List<Value> elements(String key) {
        Value value = get(key);
        return value == null ? List.of() : value.elements();
    }

    public Duration duration(String key, Duration otherwise) {
        Value value = get(key);
        return orElse(value == null ? null : value.duration(), otherwise);
    }

    long bytes(String key, long otherwise) {
        Value value = get(key);
        return orElse(value == null ? null : value.bytes(), otherwise);
    }

    int integer(String key, int otherwise, int least, int most) {
        Value value = get(key);
        return orElse(value == null ? null : value.integer(least, most), otherwise);
    }

    boolean bool(String key, boolean otherwise) {
        Value value = get(key);
        return orElse(value == null ? null : value.bool(), otherwise);
    }

    String text(String key, String otherwise) {
        Value value = get(key);
        return orElse(value == null ? null : value.text(), otherwise);
    }

    /** The choice of a key that may be left out; null where it is. */
    <E> @Nullable E choice(String key, Map<String, E> choices) {
        Value value = get(key);
        return value == null ? null : value.choice(choices);
    }

    /** The elements of a list, or the one value that stands there without brackets. */
    List<Value> oneOrMore(String key) {
        Value value = get(key);
        return value == null ? List.of() : value.oneOrMore();
    }

    double number(String key, double otherwise, double least, double most) {
        Value value = get(key);
        return orElse(value == null ? null : value.number(least, most), otherwise);
    }

    public <E> E choice(String key, E otherwise, Map<String, E> choices) {
        Value value = get(key);
        return orElse(value == null ? null : value.choice(choices), otherwise);
    }

    private static <T> T orElse(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    private static String unknown(String key, KnownKeys keys) {
        String suggestion = Suggestion.among(keys.names(), key);
        return "is not a key here"
                + (suggestion.isEmpty() ? " (known: " + String.join(", ", keys.names()) + ")" : suggestion);
    }

    /** Among credentials a stray key may be a secret that is missing its {@code env:}. */
    private static String printable(String key, KnownKeys keys) {
        if (keys == Keys.CREDENTIAL || key.isEmpty()) {
            return "(unknown key)";
        }
        return key.matches("[A-Za-z0-9_-]{1,40}") ? key : Value.shown(key);
    }
}

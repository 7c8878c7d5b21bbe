package io.penstock.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Header fields in their order on the wire, repeated names included. Names are compared without regard to case. */
public record Headers(List<Field> fields) {

    public static final Headers NONE = new Headers(List.of());

    /** One header line. */
    public record Field(String name, String value) {}

    public Headers {
        fields = List.copyOf(fields);
    }

    /** Names and values in turn. */
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a header name without a value: " + String.join(", ", namesAndValues));
        }
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
        }
        return new Headers(fields);
    }

    public Headers with(String name, String value) {
        return and(of(name, value));
    }

    public Headers and(Headers more) {
        List<Field> all = new ArrayList<>(fields);
        all.addAll(more.fields);
        return new Headers(all);
    }

    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    public List<String> all(String name) {
        return fields.stream()
                .filter(f -> f.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }
}

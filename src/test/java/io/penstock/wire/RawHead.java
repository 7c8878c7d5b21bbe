package io.penstock.wire;

import java.util.List;

/** The status line and the header lines of an HTTP/1.1 answer, in their order, repeated names included. */
record RawHead(int status, List<Field> headers) {

    record Field(String name, String value) {}

    /** The first value of that name, or null. */
    String header(String name) {
        return all(name).stream().findFirst().orElse(null);
    }

    List<String> all(String name) {
        return headers.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }
}

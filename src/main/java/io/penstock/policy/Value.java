package io.penstock.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One value of the file, asked for as what it should be. Where it is something else, that is a problem, and the answer is
 * null: the caller goes on with a default, so that the rest of the file is judged too.
 */
public final class Value {
    private static final int SHOWN = 40;
    private static final List<String> NAMING = List.of("name", "id");
    private static final Pattern WHOLE_NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{0,9}\\.?[0-9]{1,9}");

    private final Node node;
    private final Place place;
    private final Problems problems;

    Value(Node node, Place place, Problems problems) {
        this.node = node;
        this.place = place;
        this.problems = problems;
    }

    Place place() {
        return place;
    }

    public void error(String message) {
        problems.error(place, message);
    }

    void warning(String message) {
        problems.warning(place, message);
    }

    /** Text that is not empty. */
    public @Nullable String text() {
        if (node instanceof ScalarNode scalar && isNumberOrBoolean(scalar)) {
            error("found " + scalar.getValue() + ", which YAML does not read as text: put it in quotes");
            return null;
        }
        String text = scalar(Tag.STR);
        if (text == null || text.isBlank()) {
            unexpected("text");
            return null;
        }
        return text;
    }

    /** The text if this is one, for those who judge its content without ever showing it. */
    Optional<String> peekText() {
        return Optional.ofNullable(scalar(Tag.STR));
    }

    @Nullable
    Duration duration() {
        return quantity(scalar(Tag.STR), Quantity::duration, Quantity.DURATION_FORM);
    }

    @Nullable
    Long bytes() {
        return quantity(scalar(Tag.STR, Tag.INT), Quantity::bytes, Quantity.BYTES_FORM);
    }

    public @Nullable Integer integer(int least, int most) {
        String text = scalar(Tag.INT);
        if (text != null && WHOLE_NUMBER.matcher(text).matches()) {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        unexpected("a whole number from " + least + " to " + most);
        return null;
    }

    @Nullable
    Double number(double least, double most) {
        String text = scalar(Tag.INT, Tag.FLOAT);
        if (text != null && NUMBER.matcher(text).matches()) {
            double number = Double.parseDouble(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        unexpected("a number from " + least + " to " + most);
        return null;
    }

    public <E> @Nullable E choice(Map<String, E> choices) {
        String text = scalar(Tag.STR);
        E chosen = text == null ? null : choices.get(text);
        if (chosen == null) {
            String expected = choices.keySet().stream().collect(Collectors.joining(", ", "one of ", ""));
            unexpected(expected + (text == null ? "" : Suggestion.among(choices.keySet(), text)));
        }
        return chosen;
    }

    /** The elements of a list, or the value itself where it is no list: one thing may be written without brackets. */
    List<Value> oneOrMore() {
        return isList() ? elements() : List.of(this);
    }

    /** Text that may be a number too. */
    Optional<String> peekScalar() {
        return Optional.ofNullable(scalar(Tag.STR, Tag.INT));
    }

    /** The elements of a list; none where this is no list. */
    List<Value> elements() {
        if (!(node instanceof SequenceNode sequence)) {
            unexpected("a list");
            return List.of();
        }
        List<Value> elements = new ArrayList<>();
        for (Node element : sequence.getValue()) {
            elements.add(new Value(element, place.element(elements.size(), nameOf(element), line(element)), problems));
        }
        return elements;
    }

    public @Nullable Section section(KnownKeys keys) {
        if (!(node instanceof MappingNode mapping)) {
            unexpected("a mapping with the keys " + String.join(", ", keys.names()));
            return null;
        }
        return Section.read(mapping, place, keys, problems);
    }

    /** Whether the key is there and says that it has no value. */
    public boolean isNull() {
        return node.getTag().equals(Tag.NULL);
    }

    /** Text, or a number as it is written: what a quantity such as {@code 1} or {@code 500m} comes as. */
    public Optional<String> textOrNumber() {
        return Optional.ofNullable(scalar(Tag.STR, Tag.INT, Tag.FLOAT));
    }

    public @Nullable Boolean bool() {
        String text = scalar(Tag.BOOL);
        if (text == null || !text.matches("true|false")) {
            unexpected("true or false");
            return null;
        }
        return text.equals("true");
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    /** A piece of the file that is safe to print: short, on one line. */
    public static String shown(String text) {
        String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return "'" + cut.replaceAll("\\p{Cntrl}", " ") + "'";
    }

    private <T> @Nullable T quantity(@Nullable String text, Function<String, Optional<T>> parser, String form) {
        T quantity = text == null ? null : parser.apply(text).orElse(null);
        if (quantity == null) {
            unexpected(form);
        }
        return quantity;
    }

    void unexpected(String expected) {
        error("found " + found() + ", expected " + expected);
    }

    private String found() {
        if (node instanceof ScalarNode scalar) {
            return scalar.getTag().equals(Tag.NULL) ? "no value" : shown(scalar.getValue());
        }
        return isList() ? "a list" : "a mapping";
    }

    private @Nullable String scalar(Tag... tags) {
        return node instanceof ScalarNode scalar && List.of(tags).contains(scalar.getTag()) ? scalar.getValue() : null;
    }

    private static boolean isNumberOrBoolean(ScalarNode scalar) {
        return List.of(Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.TIMESTAMP).contains(scalar.getTag());
    }

    private static String nameOf(Node element) {
        if (element instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                if (entry.getKeyNode() instanceof ScalarNode key
                        && NAMING.contains(key.getValue())
                        && entry.getValueNode() instanceof ScalarNode name
                        && Names.wellFormed(name.getValue())) {
                    return name.getValue();
                }
            }
        }
        return "";
    }
}

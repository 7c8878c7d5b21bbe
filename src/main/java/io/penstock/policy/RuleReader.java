package io.penstock.policy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.penstock.classify.Action;
import io.penstock.classify.Category;
import io.penstock.classify.CountsFor;
import io.penstock.classify.Rule;
import io.penstock.classify.Rule.Examples;
import io.penstock.classify.RuleField;
import io.penstock.classify.RuleMatch;
import io.penstock.classify.RuleResponse;
import io.penstock.classify.RuleScope;
import io.penstock.classify.RuleScope.StatusRange;
import io.penstock.classify.RuleSource;
import io.penstock.dialect.Dialect;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one element of {@code rules}. */
final class RuleReader {
    private static final int DEFAULT_ORDER = 100;
    private static final int LONGEST_PATTERN = 4_096;
    private static final int LONGEST_BODY = 16 * 1024;
    private static final Pattern STATUS = Pattern.compile("([1-5])xx|([1-5]\\d\\d)(?:-([1-5]\\d\\d))?");
    private static final Pattern LIST_PLACE = Pattern.compile("examples\\.(matches|ignores)\\[(\\d+)]");
    private static final JsonFactory JSON = new JsonFactory();

    private static final Map<String, RuleMatch> MATCHES = Choices.byLabel(RuleMatch.values(), RuleMatch::label);
    private static final Map<String, RuleField> FIELDS = Choices.byLabel(RuleField.values(), RuleField::label);
    private static final Map<String, Action> ACTIONS = Choices.byLabel(Action.values(), Action::label);
    private static final Map<String, CountsFor> COUNTS_FOR = Choices.byLabel(CountsFor.values(), CountsFor::label);
    private static final Map<String, Dialect> DIALECTS = Choices.byLabel(Dialect.values(), Dialect::label);

    private final RuleSource source;
    private final Map<String, Category> categories;
    private final Collection<String> upstreams;

    RuleReader(RuleSource source, Map<String, Category> categories, Collection<String> upstreams) {
        this.source = source;
        this.categories = categories;
        this.upstreams = upstreams;
    }

    /** The rule, or null where it lacks what every rule has. */
    @Nullable
    Rule read(String id, Section section) {
        Value pattern = section.required("pattern", "'credit limit reached'");
        String text = pattern == null ? null : pattern.text();
        Value categoryName = section.required("category", "quota_exhausted");
        Category category = categoryName == null ? null : categoryName.choice(categories);
        RuleScope scope = new RuleScope(
                statuses(section), dialects(section), upstreamNames(section), texts(section.oneOrMore("model")));
        if (pattern != null && text != null && text.length() > LONGEST_PATTERN) {
            pattern.error("has " + text.length() + " characters: a pattern may have " + LONGEST_PATTERN);
            return null;
        }
        Examples examples = examples(section.section("examples", Keys.EXAMPLES));
        Rule rule = new Rule(
                id,
                source,
                section.choice("match", RuleMatch.REGEX, MATCHES),
                text == null ? "" : text,
                section.choice("field", RuleField.MESSAGE, FIELDS),
                category == null ? Category.UNKNOWN : category,
                scope,
                section.integer("order", DEFAULT_ORDER, 0, 1_000_000),
                section.bool("enabled", true),
                section.bool("shadow", false),
                section.choice("action", ACTIONS),
                section.choice("countsFor", COUNTS_FOR),
                response(section),
                section.text("description", ""),
                examples);
        return id.isEmpty() || text == null || category == null ? null : rule;
    }

    /** Where a part of a rule stands, or the rule where that part is left out. */
    static Place place(Section section, String key) {
        Matcher list = LIST_PLACE.matcher(key);
        Value value;
        if (list.matches()) {
            Section examples = section.section("examples", Keys.EXAMPLES);
            value = examples.elements(list.group(1)).get(Integer.parseInt(list.group(2)));
        } else {
            value = section.get(key);
        }
        return value == null ? section.place() : value.place();
    }

    private static Examples examples(Section section) {
        return new Examples(texts(section.elements("matches")), texts(section.elements("ignores")));
    }

    private static List<StatusRange> statuses(Section section) {
        List<StatusRange> ranges = new ArrayList<>();
        for (Value element : section.oneOrMore("status")) {
            Matcher status = STATUS.matcher(element.peekScalar().orElse(""));
            if (!status.matches()) {
                element.unexpected("a status such as 429, a range such as 500-599, or a class such as 4xx");
            } else if (status.group(1) != null) {
                int first = Integer.parseInt(status.group(1)) * 100;
                ranges.add(new StatusRange(first, first + 99));
            } else {
                int from = Integer.parseInt(status.group(2));
                int to = status.group(3) == null ? from : Integer.parseInt(status.group(3));
                if (to < from) {
                    element.error("ends before it begins: write " + to + "-" + from);
                }
                ranges.add(new StatusRange(from, to));
            }
        }
        return List.copyOf(ranges);
    }

    private static Set<Dialect> dialects(Section section) {
        Set<Dialect> dialects = EnumSet.noneOf(Dialect.class);
        for (Value element : section.oneOrMore("dialect")) {
            Dialect dialect = element.choice(DIALECTS);
            if (dialect != null) {
                dialects.add(dialect);
            }
        }
        return Collections.unmodifiableSet(dialects);
    }

    private Set<String> upstreamNames(Section section) {
        Set<String> names = new LinkedHashSet<>();
        for (Value element : section.oneOrMore("upstream")) {
            String name = element.text();
            if (name != null && !upstreams.contains(name)) {
                element.error("found " + Value.shown(name) + ", expected the name of an upstream"
                        + (upstreams.isEmpty() ? "" : " (" + String.join(", ", upstreams) + ")")
                        + Suggestion.among(upstreams, name));
            } else if (name != null) {
                names.add(name);
            }
        }
        return Collections.unmodifiableSet(names);
    }

    private static List<String> texts(List<Value> elements) {
        List<String> texts = new ArrayList<>();
        for (Value element : elements) {
            String text = element.text();
            // A place is kept, so that a problem names the right element.
            texts.add(text == null ? "" : text);
        }
        return List.copyOf(texts);
    }

    private static @Nullable RuleResponse response(Section rule) {
        Value value = rule.get("response");
        Section section = value == null ? null : value.section(Keys.RESPONSE);
        if (value == null || section == null) {
            return null;
        }
        Value status = section.get("status");
        Value message = section.get("message");
        Value body = section.get("body");
        if (status == null && message == null && body == null) {
            value.error("is empty: give it a status, a message or a body");
        }
        if (message != null && body != null) {
            body.error("stands beside a message: write the message, or the whole body");
        }
        String json = body == null ? null : body.text();
        if (body != null && json != null && (json.length() > LONGEST_BODY || !isJsonObject(json))) {
            body.error("expected a JSON object of at most " + LONGEST_BODY + " characters, as the dialect has it");
        }
        return new RuleResponse(
                status == null ? null : status.integer(400, 599), message == null ? null : message.text(), json);
    }

    private static boolean isJsonObject(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            boolean object = parser.nextToken() == JsonToken.START_OBJECT;
            parser.skipChildren();
            return object && parser.nextToken() == null;
        } catch (IOException notJson) {
            return false;
        }
    }
}

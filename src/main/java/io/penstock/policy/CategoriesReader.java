package io.penstock.policy;

import io.penstock.classify.Category;
import io.penstock.classify.CountsFor;
import io.penstock.classify.ErrorType;
import io.penstock.classify.Failover;
import io.penstock.classify.Fault;
import io.penstock.classify.Reaction;
import io.penstock.classify.Reaction.Retry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads {@code categories}: the operator's own names for failures, with all that follows from each. */
final class CategoriesReader {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,39}");
    private static final Map<String, ErrorType> TYPES = Choices.byLabel(ErrorType.values(), ErrorType::label);
    private static final Map<String, Fault> FAULTS = Choices.byLabel(Fault.values(), Fault::label);
    private static final Map<String, CountsFor> COUNTS_FOR = Choices.byLabel(CountsFor.values(), CountsFor::label);
    private static final Map<String, Retry> RETRIES =
            Choices.of("never", Retry.NEVER, "once", Retry.ONCE_JITTERED, "after_hint", Retry.AFTER_HINT);

    private final Problems problems;

    CategoriesReader(Problems problems) {
        this.problems = problems;
    }

    List<Category> read(List<Value> elements) {
        Map<String, Place> taken = new HashMap<>();
        List<Category> categories = new ArrayList<>();
        for (Value element : elements) {
            Section section = element.section(Keys.CATEGORY);
            String name = section == null ? "" : name(section, taken);
            if (section != null) {
                Category category = category(name, section);
                if (!name.isEmpty()) {
                    categories.add(category);
                }
            }
        }
        return List.copyOf(categories);
    }

    private static String name(Section section, Map<String, Place> taken) {
        Value value = section.required("name", "partner_block");
        String name = value == null ? null : value.text();
        if (value == null || name == null) {
            return "";
        }
        if (!NAME.matcher(name).matches()) {
            value.error("found " + Value.shown(name)
                    + ", expected small letters, digits and underscores, at most 40, such as partner_block");
            return "";
        }
        if (Category.builtIn().stream().anyMatch(builtIn -> builtIn.name().equals(name))) {
            value.error("is a category that Penstock has: choose another name, or override its reaction in a rule by"
                    + " action and countsFor");
            return "";
        }
        Place first = taken.putIfAbsent(name, value.place());
        if (first != null) {
            value.error("is the name of two categories, first on line " + first.line() + ": rename one of them");
            return "";
        }
        return name;
    }

    /** What is left out is that of a provider's fault that another upstream may not have, or of a caller's mistake. */
    private Category category(String name, Section section) {
        boolean caller = section.bool("caller", false);
        ErrorType type = section.choice("type", ErrorType.UNKNOWN, TYPES);
        section.required("type", "bad_request");
        boolean failover = section.bool("failover", !caller);
        Retry retry = section.choice("retry", Retry.NEVER, RETRIES);
        boolean rotateKey = section.bool("rotateKey", false);
        if (caller && (failover || rotateKey || retry != Retry.NEVER)) {
            problems.error(
                    section.place(),
                    "a caller category ends the interception, so it cannot have retry, rotateKey or failover: remove"
                            + " these or write caller: false");
        }
        return new Category(
                name,
                type,
                section.choice("fault", caller ? Fault.CALLER : Fault.PROVIDER, FAULTS),
                caller,
                new Reaction(
                        retry,
                        rotateKey,
                        failover ? Failover.ALWAYS : Failover.NEVER,
                        section.choice("countsFor", caller ? CountsFor.NOTHING : CountsFor.UPSTREAM, COUNTS_FOR)));
    }

    /** Every category that a rule may name. */
    static Map<String, Category> choices(List<Category> own) {
        Map<String, Category> choices = new LinkedHashMap<>();
        Category.builtIn().forEach(category -> choices.put(category.name(), category));
        own.forEach(category -> choices.put(category.name(), category));
        return choices;
    }
}

package io.penstock.classify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sentence of providers and what it means, as an operator or the default catalogue wrote it down.
 *
 * @param id unique among all rules; a metric label
 * @param pattern what is sought, by {@code match}
 * @param category what a failure is that it matches
 * @param scope for which failures it is asked
 * @param order lower is asked first; among equals the order of the file decides
 * @param enabled whether it is asked at all
 * @param shadow whether it only counts what it would do
 * @param action what to do first, instead of the category's default reaction, or null
 * @param countsFor what the failure is held against, instead of the category's default, or null
 * @param response what the application gets instead of the provider's answer, or null
 */
public record Rule(
        String id,
        RuleSource source,
        RuleMatch match,
        String pattern,
        RuleField field,
        Category category,
        RuleScope scope,
        int order,
        boolean enabled,
        boolean shadow,
        @Nullable Action action,
        @Nullable CountsFor countsFor,
        @Nullable RuleResponse response,
        String description,
        Examples examples) {

    /**
     * Texts by which the rule is checked when it is loaded.
     *
     * @param matches texts that it must match
     * @param ignores texts that it must not match
     */
    public record Examples(List<String> matches, List<String> ignores) {
        public static final Examples NONE = new Examples(List.of(), List.of());
    }

    /** The reaction to a failure that this rule names. */
    Reaction reaction() {
        Reaction byAction =
                action == null ? category.reaction() : category.reaction().with(action);
        return countsFor == null
                ? byAction
                : new Reaction(byAction.retry(), byAction.rotateKey(), byAction.failover(), countsFor);
    }
}

package io.penstock.classify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the rules had to do with a classification.
 *
 * @param version the content hash of the rule set that was asked
 * @param rule the id of the rule that decided, or null where none did
 * @param response what that rule answers the application, or null
 * @param shadow the ids of the shadow rules that would have decided, in the order in which rules are asked
 */
public record RuleTrace(
        String version, @Nullable String rule, @Nullable RuleResponse response, List<String> shadow) {

    /** Of a rule set without rules. */
    public static final RuleTrace NONE = new RuleTrace("none", null, null, List.of());
}

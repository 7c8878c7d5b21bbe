package io.penstock.policy;

import io.penstock.classify.Rule;
import io.penstock.classify.RuleSet;
import io.penstock.classify.RuleSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/**
 * The default catalogue, a resource in the format of a policy file. Read once; a native executable holds it ready read. A
 * mistake in it is a mistake of Penstock's, which no build survives.
 */
public final class DefaultRules {
    private static final String RESOURCE = "/io/penstock/policy/default-rules.yaml";

    private DefaultRules() {}

    private static final class Read {
        static final RuleSet SET = read();
        static final List<Rule> RULES = SET.rules();
    }

    /** The rules, in the order of the file. */
    public static List<Rule> all() {
        return Read.RULES;
    }

    /** The rule set of an operator who has no rules. */
    public static RuleSet ruleSet() {
        return Read.SET;
    }

    private static RuleSet read() {
        byte[] content = content();
        Problems problems = new Problems();
        List<Rule> rules = new RulesReader(List.of(), List.of(), problems)
                .rules(PolicyDocument.read(content, Keys.DOCUMENT, problems).elements("rules"), RuleSource.DEFAULT);
        if (!problems.inOrder().isEmpty()) {
            throw new IllegalStateException("the default catalogue is wrong: " + problems.inOrder());
        }
        return new RuleSet(ContentHash.version(content), List.of(), rules);
    }

    private static byte[] content() {
        try (InputStream in = DefaultRules.class.getResourceAsStream(RESOURCE)) {
            return Objects.requireNonNull(in, RESOURCE).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

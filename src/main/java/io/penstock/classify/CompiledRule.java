package io.penstock.classify;

import io.penstock.classify.Evidence.Layer;

/** A rule that can be asked. Immutable and thread-safe. */
record CompiledRule(Rule rule, RulePattern pattern) {

    static CompiledRule of(Rule rule) {
        if (RulePattern.read(rule.match(), rule.pattern()) instanceof RulePattern.Reading.Good good) {
            return new CompiledRule(rule, good.pattern());
        }
        throw new IllegalArgumentException("unexpected pattern in rule " + rule.id() + ": " + rule.pattern());
    }

    boolean matches(Symptoms symptoms) {
        return rule.scope().covers(symptoms.status(), symptoms.subject())
                && !mayBeTheCallersWords(symptoms.texts())
                && symptoms.texts().of(rule.field(), rule.source()).stream().anyMatch(pattern::matches);
    }

    boolean matchesExample(String text) {
        boolean prose = rule.source() == RuleSource.DEFAULT && rule.field() == RuleField.MESSAGE;
        return pattern.matches(RuleText.of(prose ? Prose.of(text) : text));
    }

    Finding finding() {
        Layer layer = rule.source() == RuleSource.OPERATOR ? Layer.OPERATOR_RULE : Layer.DEFAULT_RULE;
        return new Finding(
                rule.category(),
                rule.reaction(),
                Evidence.of(layer, rule.field().place(), rule.id()),
                rule);
    }

    /** Of a body that names a request field, the catalogue believes no more than that the request is at fault. */
    private boolean mayBeTheCallersWords(RuleTexts texts) {
        return rule.source() == RuleSource.DEFAULT
                && texts.nameRequestField()
                && rule.category().type() != ErrorType.BAD_REQUEST;
    }
}

package io.penstock.classify;

/**
 * Something wrong, or doubtful, in a rule.
 *
 * @param rule the rule's id
 * @param key which of its keys, such as {@code pattern} or {@code examples.matches[0]}
 * @param error whether the rule cannot be used so; else it is a warning
 * @param message what is wrong and what to do
 */
public record RuleProblem(String rule, String key, boolean error, String message) {}

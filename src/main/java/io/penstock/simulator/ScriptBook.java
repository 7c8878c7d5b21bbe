package io.penstock.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/** Which provider answers which exchange. Thread-safe. */
final class ScriptBook {
    private final Deque<Provider> queue = new ArrayDeque<>();
    private final List<Rule> rules = new ArrayList<>();
    private Provider otherwise = new HealthyProvider();

    private record Rule(Predicate<Exchange> like, Provider provider) {}

    synchronized void enqueue(Provider... next) {
        queue.addAll(Arrays.asList(next));
    }

    synchronized void when(Predicate<Exchange> like, Provider provider) {
        rules.add(new Rule(like, provider));
    }

    synchronized void always(Provider provider) {
        otherwise = provider;
    }

    synchronized void clear() {
        queue.clear();
        rules.clear();
        otherwise = new HealthyProvider();
    }

    synchronized Provider next(Exchange exchange) {
        Provider queued = queue.poll();
        if (queued != null) {
            return queued;
        }
        return rules.stream()
                .filter(rule -> rule.like().test(exchange))
                .findFirst()
                .map(Rule::provider)
                .orElse(otherwise);
    }
}

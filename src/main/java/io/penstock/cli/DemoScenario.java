package io.penstock.cli;

import io.penstock.classify.Category;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request of the demo and what it promises.
 *
 * @param title what the provider does
 * @param model by which the simulated provider chooses its behaviour
 */
record DemoScenario(String title, DemoDialect dialect, String model, boolean stream, String key, Promise promise) {

    /**
     * What is to come of it.
     *
     * @param categories the names of which the failure bears one; empty where nothing fails
     * @param reasons why each attempt was made
     * @param phase where it failed for good, or null where the application got its answer
     */
    record Promise(
            int status,
            DemoSeen.Answer answer,
            Set<String> categories,
            List<String> reasons,
            @Nullable String phase) {}

    /** How what happened differs from the promise, in words; empty where it was kept. */
    List<String> differences(DemoSeen seen, DemoRecord record) {
        List<String> found = new ArrayList<>();
        differ(found, "status", promise.status(), seen.status());
        differ(found, "answer", promise.answer(), seen.answer());
        differ(found, "phase", String.valueOf(promise.phase()), String.valueOf(record.phase()));
        differ(found, "outcome", promise.phase() == null ? "success" : "error", record.outcome());
        differ(
                found,
                "attempts",
                promise.reasons(),
                record.attempts().stream().map(DemoRecord.Attempt::reason).toList());
        differ(
                found,
                "x-penstock-attempts",
                String.valueOf(record.attempts().size()),
                seen.header("x-penstock-attempts"));
        String category = record.failure();
        if (category == null
                ? !promise.categories().isEmpty()
                : !promise.categories().contains(category)) {
            found.add("category: promised " + promise.categories() + ", was " + category);
        }
        return found;
    }

    private static void differ(List<String> found, String what, Object promised, Object was) {
        if (!promised.equals(was)) {
            found.add(what + ": promised " + promised + ", was " + was);
        }
    }

    static Set<String> names(Category... categories) {
        return Set.of(List.of(categories).stream().map(Category::name).toArray(String[]::new));
    }
}

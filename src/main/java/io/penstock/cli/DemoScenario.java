package io.penstock.cli;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request of the demo and what it promises.
 *
 * @param title what the provider does
 * @param route where the application asks
 * @param model by which the simulated provider chooses its behaviour
 * @param pause how long the application waits before it asks
 */
record DemoScenario(
        String title,
        String route,
        DemoDialect dialect,
        String model,
        boolean stream,
        String key,
        Duration pause,
        Promise promise) {

    /** One that asks at once, with the key that the providers know, at the route that is named like the dialect. */
    static DemoScenario of(String title, DemoDialect dialect, String model, boolean stream, Promise promise) {
        return new DemoScenario(
                title + " (" + dialect.label() + ")",
                dialect.label(),
                dialect,
                model,
                stream,
                DemoProviders.KNOWN_KEY,
                Duration.ZERO,
                promise);
    }

    DemoScenario withKey(String other) {
        return new DemoScenario(title, route, dialect, model, stream, other, pause, promise);
    }

    DemoScenario after(Duration wait) {
        return new DemoScenario(title, route, dialect, model, stream, key, wait, promise);
    }

    /** At another route, which takes the place of the dialect in the title. */
    DemoScenario on(String other) {
        String retitled = title.replace("(" + route + ")", "(" + other + ")");
        return new DemoScenario(retitled, other, dialect, model, stream, key, pause, promise);
    }

    /**
     * What is to come of it.
     *
     * @param categories the names of which the failure bears one; empty where nothing fails
     * @param reasons why each attempt was made
     * @param phase where it failed for good, or null where the application got its answer
     * @param answeredBy the upstream whose answer it is to be, or null for any
     * @param recordedOnly words of the provider's that the record has and the application has not, or null
     */
    record Promise(
            int status,
            DemoSeen.Answer answer,
            Set<String> categories,
            List<String> reasons,
            @Nullable String phase,
            @Nullable String answeredBy,
            @Nullable String recordedOnly) {

        static Promise served(Set<String> categories, String... reasons) {
            return new Promise(200, DemoSeen.Answer.WHOLE, categories, List.of(reasons), null, null, null);
        }

        static Promise failed(
                int status, DemoSeen.Answer answer, Set<String> categories, Phase phase, String... reasons) {
            return new Promise(status, answer, categories, List.of(reasons), phase.label(), null, null);
        }

        Promise by(String upstream) {
            return new Promise(status, answer, categories, reasons, phase, upstream, recordedOnly);
        }

        Promise keepingToItself(String words) {
            return new Promise(status, answer, categories, reasons, phase, answeredBy, words);
        }
    }

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
        if (promise.answeredBy() != null) {
            differ(found, "x-penstock-upstream", promise.answeredBy(), seen.header("x-penstock-upstream"));
        }
        if (promise.recordedOnly() != null) {
            differ(found, "provider's words on the record", true, tells(record.message(), promise.recordedOnly()));
            differ(found, "provider's words in the answer", false, tells(seen.body(), promise.recordedOnly()));
        }
        String category = record.failure();
        if (category == null
                ? !promise.categories().isEmpty()
                : !promise.categories().contains(category)) {
            found.add("category: promised " + promise.categories() + ", was " + category);
        }
        return found;
    }

    private static boolean tells(@Nullable String text, String words) {
        return text != null && text.contains(words);
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

package io.penstock.classify;

import io.penstock.classify.Evidence.Layer;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Sentences of providers that are unmistakable. They are sought in the message's own words only ({@link Prose}), and only
 * where the status does not contradict them.
 */
final class WordingLayer implements EvidenceLayer {

    private final Category category;
    private final IntPredicate status;
    private final List<Word> phrases;

    /**
     * @param status for which statuses to listen; 0 stands for an error that has none
     * @param phrases lower case, white space single
     */
    WordingLayer(Category category, IntPredicate status, List<String> phrases) {
        this.category = category;
        this.status = status;
        this.phrases = phrases.stream().map(Word::new).toList();
    }

    @Override
    public Optional<Finding> find(Symptoms symptoms) {
        if (!status.test(symptoms.status())) {
            return Optional.empty();
        }
        return phrases.stream()
                .filter(phrase -> phrase.foundIn(symptoms.prose()))
                .findFirst()
                .map(phrase -> Finding.of(category, Layer.PROVIDER, "error.message", phrase.toString()));
    }
}

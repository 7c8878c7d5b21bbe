package io.penstock.classify;

import io.penstock.classify.CodeBook.Meaning;
import io.penstock.classify.CodeBook.Strength;
import io.penstock.classify.Evidence.Layer;
import io.penstock.classify.Symptoms.Code;
import java.util.Optional;

/** What the words of a provider's vocabulary mean, as far as they are of one strength. */
final class CodeLayer implements EvidenceLayer {

    private final CodeBook book;
    private final Strength strength;

    CodeLayer(CodeBook book, Strength strength) {
        this.book = book;
        this.strength = strength;
    }

    @Override
    public Optional<Finding> find(Symptoms symptoms) {
        for (Code code : symptoms.codes()) {
            Optional<Meaning> meaning = book.meaning(code.value())
                    .filter(m -> m.strength() == strength)
                    .filter(m ->
                            strength != Strength.GENERIC || StatusLayer.leavesOpen(symptoms.status(), m.category()));
            if (meaning.isPresent()) {
                return Optional.of(Finding.of(meaning.get().category(), Layer.PROVIDER, code.field(), code.value()));
            }
        }
        return Optional.empty();
    }
}

package io.penstock.classify;

import io.penstock.classify.Symptoms.Code;
import io.penstock.dialect.ProviderError;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The texts of one failure that rules may look at, each prepared when it is first asked for. Used by one thread. */
final class RuleTexts {
    private static final Set<String> TYPES = Set.of("error.type", "x-amzn-errortype");

    private final ProviderError error;
    private final List<Code> codes;
    private final Map<RuleField, List<RuleText>> asTheyCame = new EnumMap<>(RuleField.class);
    private @Nullable RuleText sentence;

    RuleTexts(ProviderError error, List<Code> codes) {
        this.error = error;
        this.codes = codes;
    }

    List<RuleText> of(RuleField field, RuleSource source) {
        return source == RuleSource.DEFAULT && field == RuleField.MESSAGE
                ? ifAny(sentence())
                : asTheyCame.computeIfAbsent(field, this::read);
    }

    /** The provider's own words; empty where the message is none, or a page for people. */
    RuleText sentence() {
        if (sentence == null) {
            sentence = RuleText.of(Prose.sentence(error));
        }
        return sentence;
    }

    /** The same, save where the body names a request field, and so speaks about the request. */
    RuleText statement() {
        return error.param() != null ? RuleText.EMPTY : sentence();
    }

    /** Whether the body names the request field that it speaks about: then it may quote the request without marks. */
    boolean nameRequestField() {
        return error.param() != null;
    }

    private List<RuleText> read(RuleField field) {
        return switch (field) {
            case MESSAGE -> texts(error.message() == null ? "" : error.message());
            case BODY -> texts(error.body());
            case TYPE -> codes(code -> TYPES.contains(code.field()));
            case CODE -> codes(code -> !TYPES.contains(code.field()));
        };
    }

    private List<RuleText> codes(Predicate<Code> wanted) {
        return codes.stream()
                .filter(wanted)
                .map(code -> RuleText.of(code.value()))
                .toList();
    }

    private static List<RuleText> texts(String text) {
        return ifAny(RuleText.of(text));
    }

    private static List<RuleText> ifAny(RuleText text) {
        return text.plain().isEmpty() ? List.of() : List.of(text);
    }
}

package io.penstock.dialect;

import io.penstock.dialect.ProviderError.Kind;
import io.penstock.dialect.ProviderError.Wait;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the parts of one {@link ProviderError}; of each single part the first that is found stays. */
final class ErrorFields {

    private static final int MAX_MESSAGE_CHARS = 16 * 1024;
    private static final int MAX_CODE_CHARS = 256;
    private static final int MAX_REASONS = 32;
    private static final int MAX_WAITS = 16;
    private static final int MAX_WAIT_CHARS = 64;

    private final Set<String> reasons = new LinkedHashSet<>();
    private final List<Wait> waits = new ArrayList<>();
    private @Nullable String code;
    private @Nullable String type;
    private @Nullable String status;
    private @Nullable String param;
    private @Nullable String message;

    void code(@Nullable String value) {
        code = code == null ? cutCode(value) : code;
    }

    void type(@Nullable String value) {
        type = type == null ? cutCode(value) : type;
    }

    void status(@Nullable String value) {
        status = status == null ? cutCode(value) : status;
    }

    void param(@Nullable String value) {
        param = param == null ? cutCode(value) : param;
    }

    void message(@Nullable String value) {
        message = message == null ? cutMessage(value) : message;
    }

    void reason(@Nullable String value) {
        String reason = cutCode(value);
        if (reason != null && reasons.size() < MAX_REASONS) {
            reasons.add(reason);
        }
    }

    /** A wait longer than any that means something is passed over. */
    void wait(String field, String value) {
        if (waits.size() < MAX_WAITS && value.length() <= MAX_WAIT_CHARS) {
            waits.add(new Wait(field, value));
        }
    }

    /** Appends what a wrapped provider said in plain words, where the wrapper's own message only announces it. */
    void appendMessage(String value) {
        message = cutMessage(message == null ? value : message + ": " + value);
    }

    /** Takes over the error of the provider behind this one: it knows better what happened. */
    void origin(ErrorFields inner) {
        reason(inner.code);
        reason(inner.type);
        reason(inner.status);
        inner.reasons.forEach(this::reason);
        inner.waits.forEach(wait -> wait(wait.field(), wait.value()));
        code(inner.code);
        type(inner.type);
        status(inner.status);
        param(inner.param);
        message = inner.message != null ? inner.message : message;
    }

    boolean empty() {
        return code == null && type == null && status == null && message == null && reasons.isEmpty();
    }

    ProviderError toError() {
        return new ProviderError(
                Kind.STRUCTURED, code, type, status, param, message, List.copyOf(reasons), List.copyOf(waits), "");
    }

    static @Nullable String cutMessage(@Nullable String text) {
        return cut(text, MAX_MESSAGE_CHARS);
    }

    private static @Nullable String cutCode(@Nullable String text) {
        return cut(text, MAX_CODE_CHARS);
    }

    /** Cuts to a number of characters; null for what says nothing. */
    private static @Nullable String cut(@Nullable String text, int max) {
        if (text == null || text.isBlank()) {
            return null;
        }
        String stripped = text.strip();
        // Python gateways print an absent field as the word None.
        if (stripped.equals("None") || stripped.equals("null")) {
            return null;
        }
        return Texts.cut(stripped, max);
    }
}

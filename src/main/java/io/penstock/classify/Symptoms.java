package io.penstock.classify;

import io.penstock.dialect.ProviderError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A failure as the layers of evidence see it, prepared once.
 *
 * @param failure what was seen
 * @param subject in the light of what it is judged
 * @param error what the provider said; {@link ProviderError#ABSENT} where it said nothing
 * @param codes everything in the answer that comes from a provider's vocabulary, the most telling place first
 * @param status the status to judge by, 0 where there is none
 * @param statusField where that status stood: {@code status} for the HTTP answer's own, else the body's field
 * @param texts what rules may look at
 */
record Symptoms(
        Failure failure,
        Subject subject,
        ProviderError error,
        List<Code> codes,
        int status,
        String statusField,
        RuleTexts texts) {

    /** A word of a provider's vocabulary, and where it stood. */
    record Code(String field, String value) {}

    private static final String HTTP_STATUS = "status";

    /** AWS names the exception in a header and leaves the body to the message (AWS JSON protocols, "Error shapes"). */
    private static final String AWS_ERROR_TYPE = "x-amzn-errortype";

    static Symptoms of(Failure failure, Subject subject) {
        ProviderError error = error(failure);
        int status = ProviderError.statusCode(error.code());
        String statusField = "error.code";
        if (status == 0 && failure instanceof Failure.Answer answer) {
            status = answer.status();
            statusField = HTTP_STATUS;
        } else if (status == 0) {
            // Inside a stream it is all that tells of the status that the error would have had.
            status = ProviderError.statusCode(error.status());
            statusField = "error.status";
        }
        List<Code> codes = codes(error, failure);
        return new Symptoms(failure, subject, error, codes, status, statusField, new RuleTexts(error, codes));
    }

    /** The message without what it quotes, where it is the provider's own and not about a request field. */
    RuleText prose() {
        return texts.statement();
    }

    /** Whether the status is the body's own word. */
    boolean bodyStatus() {
        return !statusField.equals(HTTP_STATUS);
    }

    /** The name by which the provider calls the failure; a number that only repeats the status says less than a word. */
    @Nullable
    String providerCode() {
        return codes.stream()
                .filter(code -> ProviderError.statusCode(code.value()) == 0)
                .findFirst()
                .map(Code::value)
                .orElse(error.code());
    }

    private static ProviderError error(Failure failure) {
        if (failure instanceof Failure.Answer answer) {
            return answer.error();
        }
        return failure instanceof Failure.InBand inBand ? inBand.error() : ProviderError.ABSENT;
    }

    private static List<Code> codes(ProviderError error, Failure failure) {
        List<Code> codes = new ArrayList<>();
        add(codes, "error.code", error.code());
        add(codes, "error.type", error.type());
        if (failure instanceof Failure.Answer answer) {
            String header = answer.headers().get(AWS_ERROR_TYPE);
            // "ThrottlingException:http://internal.amazon.com/coral/…"
            add(codes, AWS_ERROR_TYPE, header == null ? null : header.split(":", 2)[0].strip());
        }
        error.reasons().forEach(reason -> add(codes, "error.reason", reason));
        add(codes, "error.status", error.status());
        return List.copyOf(codes);
    }

    private static void add(List<Code> codes, String field, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            codes.add(new Code(field, value));
        }
    }
}

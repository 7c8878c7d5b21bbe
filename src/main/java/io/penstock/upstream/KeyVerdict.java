package io.penstock.upstream;

import io.penstock.classify.Category;
import io.penstock.classify.Classification;
import io.penstock.classify.CountsFor;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a failure says of the key that it met.
 *
 * @param state what the key is to be taken for
 * @param modelOnly whether that holds only for the model that was asked for
 */
record KeyVerdict(KeyState state, boolean modelOnly) {
    private static final int FORBIDDEN = 403;

    /** Words of a 403 that are about the key or its account, rather than about what the key was used for. */
    private static final Pattern ABOUT_THE_KEY = Pattern.compile("key|token|credential|authenti|account|signature");

    /** Empty where the failure is not held against the key. */
    static Optional<KeyVerdict> of(Classification failure) {
        if (failure.reaction().countsFor() != CountsFor.KEY) {
            return Optional.empty();
        }
        Category category = failure.category();
        return switch (category.type()) {
            case UNAUTHORIZED -> Optional.of(new KeyVerdict(KeyState.REJECTED, onlyForbidden(failure)));
            case RATE_LIMITED ->
                Optional.of(new KeyVerdict(
                        category.equals(Category.QUOTA_EXHAUSTED) ? KeyState.EXHAUSTED : KeyState.COOLING, false));
            // A rule may hold anything against the key: what is known then is that it had better rest.
            case BAD_REQUEST, OVERLOADED, SERVER_ERROR, TIMEOUT, UNKNOWN ->
                Optional.of(new KeyVerdict(KeyState.COOLING, false));
        };
    }

    /**
     * A 403 says "known, but not for this" (RFC 9110 §15.5.4): commonly a model that the account may not use. The key is
     * good for other models, unless the provider's word for it says that the key itself is bad.
     */
    private static boolean onlyForbidden(Classification failure) {
        if (failure.status() != FORBIDDEN) {
            return false;
        }
        String words = failure.evidence().value() + " " + failure.providerCode();
        return !ABOUT_THE_KEY.matcher(words.toLowerCase(Locale.ROOT)).find();
    }
}

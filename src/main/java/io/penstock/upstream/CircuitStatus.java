package io.penstock.upstream;

import io.penstock.breaker.Breaker;
import io.penstock.breaker.CircuitState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A circuit as the admin API shows it.
 *
 * @param scope {@code "upstream"}, {@code "other"} or a model's name
 * @param cause why it last changed, or null while it never did
 * @param openFor how much longer it stays open, or null where it is not
 */
public record CircuitStatus(
        String scope,
        CircuitState state,
        @Nullable String cause,
        @Nullable Duration openFor) {

    static CircuitStatus of(String scope, Breaker breaker) {
        return new CircuitStatus(
                scope,
                breaker.state(),
                breaker.cause().equals("none") ? null : breaker.cause(),
                breaker.openFor().isZero() ? null : breaker.openFor());
    }
}

package io.penstock.classify;

import io.penstock.dialect.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * What a failure is judged in the light of.
 *
 * @param dialect the protocol of the upstream that failed
 * @param upstream the upstream's name, or null before one was chosen
 * @param model the model that the application asked for, or null
 * @param committed whether bytes of the answer had gone to the application
 */
public record Subject(
        Dialect dialect,
        @Nullable String upstream,
        @Nullable String model,
        boolean committed) {}

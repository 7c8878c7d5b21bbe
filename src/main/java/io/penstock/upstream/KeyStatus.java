package io.penstock.upstream;

import io.penstock.policy.UpstreamPolicy.SecretRef;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key as the admin API shows it.
 *
 * @param hint {@code sk-a…wxyz}-like
 * @param left how much longer it rests, or null where it does not
 * @param cause the category of the failure that it rests for, or null
 * @param refusedModels the models for which it was refused, and is not used for now
 */
public record KeyStatus(
        String upstream,
        String hint,
        SecretRef reference,
        KeyState state,
        @Nullable Duration left,
        @Nullable String cause,
        List<String> refusedModels) {}

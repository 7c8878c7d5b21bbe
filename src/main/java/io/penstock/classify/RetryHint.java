package io.penstock.classify;

import java.time.Duration;

/**
 * How long a provider asked to wait.
 *
 * @param delay never negative, never more than a year
 * @param source where it stood, such as {@code retry-after-ms}
 */
public record RetryHint(Duration delay, String source) {}

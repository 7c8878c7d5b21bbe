/**
 * Metrics and the log line of an interception.
 */
@NullMarked
package io.penstock.telemetry;

import org.jspecify.annotations.NullMarked;

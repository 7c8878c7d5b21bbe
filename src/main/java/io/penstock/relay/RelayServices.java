package io.penstock.relay;

import io.penstock.telemetry.LiveTraffic;
import java.util.function.DoubleSupplier;

/**
 * What every interception needs and none owns.
 *
 * @param random uniform in [0, 1), thread-safe
 */
public record RelayServices(LiveTraffic traffic, Timers timers, DoubleSupplier random) {}

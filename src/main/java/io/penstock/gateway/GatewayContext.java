package io.penstock.gateway;

import io.penstock.record.InterceptionIds;
import io.penstock.record.Recorder;
import io.penstock.relay.RelayServices;
import io.penstock.upstream.Upstreams;
import io.vertx.core.Vertx;
import java.time.Clock;

/** What every exchange at the edge needs and none owns. */
record GatewayContext(
        Vertx vertx,
        Clock clock,
        InterceptionIds ids,
        Upstreams upstreams,
        Recorder recorder,
        RelayServices relay,
        Drain drain,
        BodyMemory bodies) {}

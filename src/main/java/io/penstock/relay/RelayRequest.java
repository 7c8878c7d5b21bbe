package io.penstock.relay;

import io.penstock.dialect.RequestHead;
import io.penstock.policy.RoutePolicy;
import io.penstock.upstream.UpstreamSet;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;

/**
 * A request of the application, ready to be relayed.
 *
 * @param upstreams the snapshot that the interception works with
 * @param path what an upstream is asked for: the path below its base, query included
 * @param headers the end-to-end headers
 * @param body the whole body, kept until the commit
 */
public record RelayRequest(
        UpstreamSet upstreams,
        RoutePolicy route,
        RequestHead head,
        HttpMethod method,
        String path,
        MultiMap headers,
        ReplayBody body) {}

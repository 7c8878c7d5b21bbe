package io.penstock.gateway;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.penstock.classify.Signal;
import io.penstock.record.InterceptionIds;
import io.penstock.record.Recorder;
import io.penstock.relay.RelayServices;
import io.penstock.relay.VertxTimers;
import io.penstock.telemetry.LiveTraffic;
import io.penstock.upstream.UpstreamSet;
import io.penstock.upstream.Upstreams;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;

/** The data plane's entry: every request that is not for the admin API becomes an interception. */
@ApplicationScoped
public class GatewayRoutes {
    /** Behind everything that names its path. */
    private static final int LAST = 1_000_000;

    private static final int URI_TOO_LONG = 414;
    private static final int HEADERS_TOO_LARGE = 431;

    private final GatewayContext context;

    public GatewayRoutes(
            Vertx vertx,
            InterceptionIds ids,
            Upstreams upstreams,
            Recorder recorder,
            LiveTraffic traffic,
            Drain drain) {
        Clock clock = Clock.systemUTC();
        this.context = new GatewayContext(
                vertx,
                clock,
                ids,
                upstreams,
                recorder,
                new RelayServices(traffic, new VertxTimers(vertx), GatewayRoutes::random),
                drain,
                BodyMemory.ofThisProcess());
    }

    void mount(@Observes Router router) {
        router.route().order(LAST).handler(routing -> relay(routing.request()));
    }

    /**
     * Whether the router must not see a request: one on a route, whose body is counted by the route's own cap, and one
     * whose target the router would normalise into another ({@code /openai/../penstock/}) or answer without a record.
     */
    boolean owns(HttpServerRequest request) {
        UpstreamSet upstreams = context.upstreams().snapshot();
        return !(RequestTarget.of(request, upstreams) instanceof RequestTarget.Parsed target)
                || upstreams.route(target.route()) != null;
    }

    void relay(HttpServerRequest request) {
        new Intake(context, request).begin();
    }

    /** Answers, and records, a request that is not HTTP enough for the router to see it. */
    void malformed(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        Refusal refusal;
        if (cause instanceof TooLongHttpLineException) {
            refusal = Refusal.of(URI_TOO_LONG, Signal.INVALID_REQUEST, "the request line is too long");
        } else if (cause instanceof TooLongHttpHeaderException || cause instanceof TooLongFrameException) {
            refusal = Refusal.of(HEADERS_TOO_LARGE, Signal.INVALID_REQUEST, "the headers are too large");
        } else {
            refusal = Refusal.badRequest("the request is not well-formed HTTP: " + MalformedHttp.reason(cause));
        }
        new Intake(context, request).refuse(refusal);
    }

    private static double random() {
        return ThreadLocalRandom.current().nextDouble();
    }
}

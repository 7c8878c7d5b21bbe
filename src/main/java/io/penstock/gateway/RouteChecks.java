package io.penstock.gateway;

import io.penstock.classify.Signal;
import io.penstock.dialect.InferencePaths;
import io.penstock.policy.RoutePolicy;
import io.penstock.policy.UpstreamPolicy.CredentialsPolicy;
import io.penstock.upstream.UpstreamSet;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a route lets in, as far as it can be said before the body. */
final class RouteChecks {
    private static final int FORBIDDEN = 403;
    private static final int TOO_LARGE = 413;
    private static final int UPGRADE_REQUIRED = 426;
    private static final int UNAVAILABLE = 503;
    private static final Duration COME_AGAIN = Duration.ofSeconds(1);

    private RouteChecks() {}

    /** Why the head is not acceptable on this route, or empty. */
    static Optional<Refusal> head(HttpServerRequest request, RoutePolicy route) {
        if (wantsWebSocket(request.headers())) {
            // Clients that try a WebSocket first fall back to POST on exactly this status.
            return Optional.of(Refusal.of(
                    UPGRADE_REQUIRED, Signal.INVALID_REQUEST, "WebSockets are not relayed; use plain HTTP requests"));
        }
        String announced = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (announced != null && tooLong(announced, route.maxRequestBytes())) {
            return Optional.of(bodyTooLarge(route));
        }
        return Optional.empty();
    }

    static Refusal bodyTooLarge(RoutePolicy route) {
        return Refusal.of(
                TOO_LARGE,
                Signal.REQUEST_TOO_LARGE,
                "the request body is larger than the " + route.maxRequestBytes() + " bytes that route " + route.name()
                        + " allows (maxRequestBytes)");
    }

    /**
     * There is no memory for a body. Waiting helps, unless the body alone is more than there is for all.
     *
     * @param bytes of the body, as far as it came
     */
    static Refusal noRoom(BodyMemory memory, long bytes) {
        return bytes > memory.most()
                ? Refusal.of(
                        TOO_LARGE,
                        Signal.REQUEST_TOO_LARGE,
                        "the request body is larger than the " + memory.most()
                                + " bytes that Penstock has for bodies: give its container more memory")
                : new Refusal(
                        UNAVAILABLE,
                        Signal.NO_UPSTREAM,
                        "the request bodies under way fill the " + memory.most()
                                + " bytes that Penstock has for them: come again, or give its container more memory",
                        COME_AGAIN);
    }

    /**
     * A key that Penstock lends opens only the dialect's inference paths, and what the policy adds to them: such keys
     * often have administrative powers.
     */
    static Optional<Refusal> lentKey(HttpServerRequest request, RoutePolicy route, UpstreamSet upstreams, String path) {
        boolean lent = route.targets().stream()
                .anyMatch(target ->
                        upstreams.upstream(target.upstream()).policy().credentials() instanceof CredentialsPolicy.Keys);
        if (!lent
                || InferencePaths.isInference(route.dialect(), request.method().name(), path)
                || allowed(route, path)) {
            return Optional.empty();
        }
        return Optional.of(Refusal.of(
                FORBIDDEN,
                Signal.INVALID_REQUEST,
                "route " + route.name() + " lends a key, which opens the inference paths only;"
                        + " its allowPaths can add others"));
    }

    /** @param inFlight how many interceptions are under way, this one included */
    static Optional<Refusal> full(RoutePolicy route, int inFlight) {
        Integer max = route.maxInFlight();
        if (max == null || inFlight <= max) {
            return Optional.empty();
        }
        return Optional.of(new Refusal(
                UNAVAILABLE,
                Signal.NO_UPSTREAM,
                "route " + route.name() + " has its " + max + " interceptions in flight (maxInFlight)",
                COME_AGAIN));
    }

    private static boolean allowed(RoutePolicy route, String path) {
        return !path.toLowerCase(Locale.ROOT).contains("%2f")
                && route.allowPaths().stream().anyMatch(glob -> matches(glob, path));
    }

    private static boolean matches(String glob, String path) {
        String regex = Stream.of(glob.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.matches(regex, path);
    }

    private static boolean wantsWebSocket(MultiMap headers) {
        return headers.getAll(HttpHeaders.UPGRADE).stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(protocol -> protocol.strip().toLowerCase(Locale.ROOT))
                .anyMatch(protocol -> protocol.equals("websocket") || protocol.startsWith("websocket/"));
    }

    private static boolean tooLong(String contentLength, long cap) {
        try {
            return Long.parseLong(contentLength.strip()) > cap;
        } catch (NumberFormatException e) {
            // More digits than a long holds, or none at all: the decoder lets only digits through.
            return true;
        }
    }
}

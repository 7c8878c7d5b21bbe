package io.penstock.gateway;

import io.penstock.policy.RoutePolicy;
import io.penstock.upstream.UpstreamSet;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a request line addresses: a route and what follows its prefix, taken from the raw target without normalising it,
 * since the upstream gets to see it as it came. What could mean something else to the next reader than it does to this
 * one is refused instead.
 */
sealed interface RequestTarget {

    /**
     * A target that can be relayed, if there is such a route.
     *
     * @param route the first path segment
     * @param path what follows it, at least {@code "/"}, without the query
     * @param query the query with its question mark, or empty
     */
    record Parsed(String route, String path, String query) implements RequestTarget {}

    record Unacceptable(String message) implements RequestTarget {}

    /** What a target consists of (RFC 9112 §3.2): HTTP/2 can carry more, which would end the request line of HTTP/1.1. */
    Pattern PRINTABLE = Pattern.compile("[!-~&&[^#]]*");

    /** Percent signs that start no escape, and escapes of control characters. */
    Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9a-f]{2})|%[01][0-9a-f]|%7f");

    /** A path separator in any disguise. */
    Pattern SEPARATOR = Pattern.compile("/|%2f");

    /**
     * What a request addresses: by its host where a route is for that, as with requests that were redirected on their way to
     * it; else by its path.
     */
    static RequestTarget of(HttpServerRequest request, UpstreamSet upstreams) {
        RequestTarget target = parse(request.uri());
        HostAndPort authority = request.authority();
        RoutePolicy byHost = authority == null
                ? null
                : upstreams.routeOfHost(authority.host().toLowerCase(Locale.ROOT));
        if (byHost == null || !(target instanceof Parsed parsed)) {
            return target;
        }
        String path = request.uri()
                .substring(0, request.uri().length() - parsed.query().length());
        return new Parsed(byHost.name(), path, parsed.query());
    }

    static RequestTarget parse(String target) {
        if (!target.startsWith("/")) {
            return new Unacceptable("the request line must hold a path such as /openai/v1/chat/completions;"
                    + " Penstock is not a forward proxy");
        }
        if (!PRINTABLE.matcher(target).matches()) {
            return new Unacceptable("the path and the query must not hold fragments, spaces or control characters;"
                    + " what is beyond printable ASCII must be percent-encoded");
        }
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String lower = path.toLowerCase(Locale.ROOT);
        if (lower.contains("\\") || lower.contains("%5c")) {
            return new Unacceptable("the path must not hold backslashes");
        }
        if (BAD_ESCAPE.matcher(lower).find()) {
            return new Unacceptable("the path holds a malformed percent escape");
        }
        if (lower.contains("//")) {
            return new Unacceptable("the path holds an empty segment (//); is there a slash too many in the base URL?");
        }
        for (String segment : SEPARATOR.split(lower.replace("%2e", "."), -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                return new Unacceptable("the path must not hold dot segments (. or ..)");
            }
        }
        int end = path.indexOf('/', 1);
        String route = end < 0 ? path.substring(1) : path.substring(1, end);
        return new Parsed(route, end < 0 ? "/" : path.substring(end), question < 0 ? "" : target.substring(question));
    }
}

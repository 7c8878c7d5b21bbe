package io.penstock.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which headers cross the gateway. Hop-by-hop ones do not, in either direction (RFC 9110 §7.6.1), those that
 * {@code Connection} names included; HTTP/2 forbids them altogether (RFC 9113 §8.2.2).
 */
final class HeaderRules {
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    /** Belong to the message that the gateway itself sends: host, framing, and what it has answered already. */
    private static final Set<String> REQUEST_OWN = Set.of("host", "content-length", "expect");

    /** The content codings in which Penstock can read an answer that it must judge. */
    private static final Set<String> READABLE_CODINGS = Set.of("gzip", "x-gzip", "deflate", "identity");

    private HeaderRules() {}

    /**
     * The headers of a request that go to an upstream. {@code Accept-Encoding} is narrowed to codings that Penstock can
     * decode, because an error body that cannot be read cannot be judged.
     */
    static MultiMap toUpstream(MultiMap request) {
        MultiMap headers = endToEnd(request, REQUEST_OWN);
        List<String> accepted = request.getAll(HttpHeaders.ACCEPT_ENCODING);
        if (!accepted.isEmpty()) {
            String narrowed = narrow(String.join(", ", accepted));
            if (narrowed != null) {
                headers.set(HttpHeaders.ACCEPT_ENCODING, narrowed);
            }
        }
        if (hasToken(request, "te", "trailers")) {
            headers.set("te", "trailers");
        }
        return headers;
    }

    /** The headers of an answer that go to the application. */
    static MultiMap toClient(MultiMap answer) {
        return endToEnd(answer, Set.of());
    }

    private static MultiMap endToEnd(MultiMap from, Set<String> own) {
        Set<String> named = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String value : from.getAll(HttpHeaders.CONNECTION)) {
            for (String token : value.split(",", -1)) {
                named.add(token.strip());
            }
        }
        MultiMap headers = HttpHeaders.headers();
        for (Map.Entry<String, String> header : from) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!HOP_BY_HOP.contains(name) && !own.contains(name) && !named.contains(name)) {
                headers.add(header.getKey(), header.getValue());
            }
        }
        return headers;
    }

    /** The list without the codings that cannot be read; null where nothing needs to change. */
    private static @Nullable String narrow(String accepted) {
        List<String> kept = new ArrayList<>();
        boolean dropped = false;
        for (String element : accepted.split(",", -1)) {
            String coding = element.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            if (READABLE_CODINGS.contains(coding)) {
                kept.add(element.strip());
            } else {
                dropped = true;
            }
        }
        if (!dropped) {
            return null;
        }
        return kept.isEmpty() ? "identity" : String.join(", ", kept);
    }

    private static boolean hasToken(MultiMap headers, String name, String token) {
        return headers.getAll(name).stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .anyMatch(value -> value.strip().equalsIgnoreCase(token));
    }
}

package io.penstock.gateway;

import io.penstock.classify.Signal;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Optional;

/** What can be said of a request by its head alone, on whichever route. */
final class HeadChecks {
    /** Of all header lines together, names included. */
    static final int MAX_HEADER_BYTES = 64 * 1024;

    private static final int HEADERS_TOO_LARGE = 431;

    private HeadChecks() {}

    /** Why the head is not acceptable on any route, or empty. */
    static Optional<Refusal> http(HttpServerRequest request) {
        MultiMap headers = request.headers();
        if (request.version() == HttpVersion.HTTP_1_1
                && headers.getAll(HttpHeaders.HOST).size() != 1) {
            return Optional.of(Refusal.badRequest("an HTTP/1.1 request must have exactly one Host header"));
        }
        if (!endIsCertain(request)) {
            return Optional.of(Refusal.badRequest("the only transfer coding understood is chunked"));
        }
        if (size(headers) > MAX_HEADER_BYTES) {
            return Optional.of(Refusal.of(
                    HEADERS_TOO_LARGE,
                    Signal.INVALID_REQUEST,
                    "the headers are larger than " + MAX_HEADER_BYTES + " bytes"));
        }
        return Optional.empty();
    }

    /** Whether the request's framing is one that every reader understands alike (RFC 9112 §6.1). */
    static boolean endIsCertain(HttpServerRequest request) {
        List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        return request.version() == HttpVersion.HTTP_2
                || codings.isEmpty()
                || (codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked"));
    }

    static boolean expectsContinue(HttpServerRequest request) {
        String expect = request.getHeader(HttpHeaders.EXPECT);
        return expect != null && expect.strip().equalsIgnoreCase("100-continue");
    }

    private static long size(MultiMap headers) {
        long bytes = 0;
        for (var header : headers) {
            bytes += header.getKey().length() + header.getValue().length() + 4L;
        }
        return bytes;
    }
}

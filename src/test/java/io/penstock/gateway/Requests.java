package io.penstock.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.lang.reflect.Proxy;

/** The heads of requests, without a connection behind them. */
final class Requests {
    private Requests() {}

    static HttpServerRequest http1(HttpMethod method, String... namesAndValues) {
        return of(HttpVersion.HTTP_1_1, method, namesAndValues);
    }

    static HttpServerRequest of(HttpVersion version, HttpMethod method, String... namesAndValues) {
        MultiMap headers = HttpHeaders.headers();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return (HttpServerRequest) Proxy.newProxyInstance(
                Requests.class.getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (proxy, called, arguments) -> switch (called.getName()) {
                    case "headers" -> headers;
                    case "getHeader" -> headers.get((CharSequence) arguments[0]);
                    case "method" -> method;
                    case "version" -> version;
                    default -> throw new UnsupportedOperationException(called.toString());
                });
    }
}

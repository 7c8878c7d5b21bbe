package io.penstock.admin;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Keeps other web pages from changing anything. A page cannot read answers of another origin, but it can send forms to it.
 * Browsers then say where a request comes from: in {@code Sec-Fetch-Site} (Fetch Metadata), and in {@code Origin} (Fetch
 * standard, "Origin header") with every method but GET and HEAD. What is no browser sends neither, and passes.
 */
final class SameOriginGuard implements Handler<RoutingContext> {

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        String own = request.scheme() + "://" + request.authority();
        if (accepts(request.getHeader("Sec-Fetch-Site"), request.getHeader("Origin"), own)) {
            context.next();
        } else {
            Reply.send(context, Answer.problem(403, "a web page of another origin must not change anything here"));
        }
    }

    static boolean accepts(@Nullable String site, @Nullable String origin, String own) {
        boolean fromHere = site == null || site.equals("same-origin") || site.equals("none");
        return fromHere && (origin == null || origin.toLowerCase(Locale.ROOT).equals(own.toLowerCase(Locale.ROOT)));
    }
}

package io.penstock.admin;

import io.vertx.core.Handler;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages out. A page can make its visitor's browser call a loopback address under the page's own name once that
 * name resolves to it (DNS rebinding), and then read the answer. So the host has to be {@code localhost}, which browsers
 * resolve themselves, or an IP address, which no name server can give away. {@code kubectl port-forward} and calls to the
 * pod's address pass. Other pages cannot read an answer anyway, because no CORS header is ever sent.
 */
final class HostGuard implements Handler<RoutingContext> {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    @Override
    public void handle(RoutingContext context) {
        if (accepts(context.request().authority())) {
            context.next();
        } else {
            Reply.send(
                    context,
                    Answer.problem(
                            403, "the admin API answers only where the Host header is localhost or an IP address"));
        }
    }

    static boolean accepts(@Nullable HostAndPort authority) {
        if (authority == null) {
            return false;
        }
        String host = authority.host().toLowerCase(Locale.ROOT);
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.startsWith("[")
                || IPV4.matcher(host).matches();
    }
}

package io.penstock.gateway;

import io.penstock.policy.Role;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The data plane's listener. It is not the server that Quarkus starts, because that one offers no way to answer and
 * record a malformed request: Vert.x has {@code invalidRequestHandler} for it, which must be set before listening. Host
 * and port are Quarkus' own settings, and what is on no route of Penstock's goes to Quarkus' router, so extensions that add routes still
 * work.
 */
@ApplicationScoped
public class GatewayServer {
    private static final Logger LOG = Logger.getLogger(GatewayServer.class);
    private static final String IPV6_LOOPBACK = "::1";
    private static final int MAX_REQUEST_LINE_BYTES = 16 * 1024;
    private static final int CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024;
    private static final int STREAM_WINDOW_BYTES = 256 * 1024;
    private static final int MAX_STREAMS = 1_024;

    private final Vertx vertx;
    private final Router router;
    private final GatewayRoutes routes;
    private final String host;
    private final int port;
    private final int managementPort;
    private final String version;
    private final boolean redirect;
    private final Role role;

    public GatewayServer(
            Vertx vertx,
            Router router,
            GatewayRoutes routes,
            @ConfigProperty(name = "quarkus.http.host") String host,
            @ConfigProperty(name = "quarkus.http.port") int port,
            @ConfigProperty(name = "quarkus.management.port") int managementPort,
            @ConfigProperty(name = "quarkus.application.version") String version,
            @ConfigProperty(name = "penstock.redirect", defaultValue = "false") boolean redirect,
            @ConfigProperty(name = Role.PROPERTY, defaultValue = "gateway") Role role) {
        this.vertx = vertx;
        this.router = router;
        this.routes = routes;
        this.host = host;
        this.port = port;
        this.managementPort = managementPort;
        this.version = version;
        this.redirect = redirect;
        this.role = role;
    }

    void start(@Observes StartupEvent event) {
        if (role != Role.GATEWAY) {
            return;
        }
        listen(host);
        if (redirect) {
            listenForRedirectedIpv6();
        }
        LOG.infof(
                "penstock %s relays on http://%s:%d (admin API under /penstock/), metrics and health on port %d",
                version, host, port, managementPort);
    }

    private void listen(String address) {
        int loops = Runtime.getRuntime().availableProcessors();
        vertx.deployVerticle(() -> new Listener(address), new DeploymentOptions().setInstances(loops))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** The kernel redirects IPv6 to the loopback of IPv6, on which a listener on 127.0.0.1 hears nothing. */
    private void listenForRedirectedIpv6() {
        try {
            listen(IPV6_LOOPBACK);
        } catch (CompletionException e) {
            LOG.infof("no listener on [%s]: this pod has no IPv6 (%s)", IPV6_LOOPBACK, e.getMessage());
        }
    }

    private void serve(HttpServerRequest request) {
        if (routes.owns(request)) {
            routes.relay(request);
        } else {
            router.handle(request);
        }
    }

    private HttpServerOptions options(String address) {
        return new HttpServerOptions()
                .setHost(address)
                .setPort(port)
                .setMaxHeaderSize(2 * HeadChecks.MAX_HEADER_BYTES)
                .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES)
                .setInitialSettings(new Http2Settings()
                        .setInitialWindowSize(STREAM_WINDOW_BYTES)
                        .setMaxConcurrentStreams(MAX_STREAMS)
                        .setMaxHeaderListSize(2L * HeadChecks.MAX_HEADER_BYTES))
                .setHandle100ContinueAutomatically(false);
    }

    /** A client that leaves is told to its exchange; without a handler of its own Vert.x would log it as an error too. */
    private static void quieten(HttpConnection connection) {
        connection.exceptionHandler(failure -> LOG.debug("client connection failed", failure));
    }

    private final class Listener extends AbstractVerticle {
        private final String address;

        Listener(String address) {
            this.address = address;
        }

        @Override
        public void start(Promise<Void> started) {
            vertx.createHttpServer(options(address))
                    .connectionHandler(GatewayServer::quieten)
                    .requestHandler(GatewayServer.this::serve)
                    .invalidRequestHandler(routes::malformed)
                    .listen()
                    .<Void>mapEmpty()
                    .onComplete(started);
        }
    }
}

package io.penstock.upstream;

import io.penstock.policy.UpstreamPolicy;
import io.penstock.policy.UpstreamPolicy.CredentialsPolicy;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Opens exchanges over a Vert.x client of the upstream's own. */
final class HttpConnector implements Connector {
    private static final Logger LOG = Logger.getLogger(HttpConnector.class);
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private final Vertx vertx;
    private final UpstreamPolicy policy;
    private final String basePath;
    private @Nullable HttpClient client;

    HttpConnector(Vertx vertx, UpstreamPolicy policy) {
        this.vertx = vertx;
        this.policy = policy;
        this.client = build();
        String path = policy.url().getRawPath();
        this.basePath = path == null ? "" : path.replaceFirst("/+$", "");
    }

    private HttpClient build() {
        return vertx.httpClientBuilder()
                .with(ClientOptions.http(policy))
                .with(ClientOptions.pool(policy))
                .withConnectHandler(HttpConnector::quieten)
                .build();
    }

    /** A connection that breaks tells its exchanges; without a handler of its own Vert.x would log it as an error too. */
    private static void quieten(HttpConnection connection) {
        connection.exceptionHandler(failure -> LOG.debug("upstream connection failed", failure));
    }

    @Override
    public UpstreamCall open(UpstreamRequest request) {
        URI url = policy.url();
        boolean tls = url.getScheme().equals("https");
        MultiMap headers = HttpHeaders.headers().addAll(request.headers());
        String path = request.path();
        if (!(policy.credentials() instanceof CredentialsPolicy.Passthrough)) {
            Credentials.strip(headers);
            path = Credentials.strip(policy.dialect(), path);
        }
        if (request.key() != null) {
            request.key().applyTo(headers, policy.dialect(), url);
        }
        RequestOptions options = new RequestOptions()
                .setMethod(request.method())
                .setHost(url.getHost())
                .setPort(url.getPort() > 0 ? url.getPort() : tls ? HTTPS_PORT : HTTP_PORT)
                .setSsl(tls)
                .setURI(basePath + path)
                .setHeaders(headers)
                .setFollowRedirects(false)
                .setConnectTimeout(Math.max(1, request.connectTimeout().toMillis()));
        return new HttpUpstreamCall(client(), options, request.body());
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client = build();
        }
        return client;
    }
}

package io.penstock.injector;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The webhook's listener: HTTPS with the certificate of the mounted Secret. It opens when there is a good one, takes each
 * new one for connections from then on, and keeps the last where the new one is no good. Thread-safe.
 */
final class WebhookServer {
    private static final Logger LOG = Logger.getLogger(WebhookServer.class);
    private static final int IDLE_SECONDS = 300;

    private final Vertx vertx;
    private final ServingCertificate certificate;
    private final AdmissionEndpoint endpoint;
    private final String host;
    private final int port;
    private final RotatingKey key = new RotatingKey();

    private ServingCertificate.Reading.@Nullable Good serving;
    private boolean listening;
    private volatile long timer;
    private String complaint = "";
    private volatile String state = "is not read yet";

    WebhookServer(Vertx vertx, ServingCertificate certificate, AdmissionEndpoint endpoint, String host, int port) {
        this.vertx = vertx;
        this.certificate = certificate;
        this.endpoint = endpoint;
        this.host = host;
        this.port = port;
    }

    /** Looks at the certificate now, and from then on every {@code interval}. May block. */
    void start(Duration interval) {
        look();
        timer = vertx.setPeriodic(interval.toMillis(), fired -> {
            var unused = vertx.executeBlocking(() -> {
                look();
                return null;
            });
        });
    }

    /** Looks at the certificate no more. The listener goes with the process. */
    void stop() {
        vertx.cancelTimer(timer);
    }

    /** Why it does not serve, in words that follow "the certificate"; empty where it does. */
    String obstacle() {
        return state;
    }

    private synchronized void look() {
        ServingCertificate.Reading reading = certificate.read();
        if (reading instanceof ServingCertificate.Reading.Bad bad) {
            if (!bad.why().equals(complaint)) {
                LOG.warnf("the certificate %s%s", bad.why(), serving == null ? "" : "; the one before it still serves");
            }
            complaint = bad.why();
            state = serving == null ? bad.why() : "";
            return;
        }
        complaint = "";
        ServingCertificate.Reading.Good good = (ServingCertificate.Reading.Good) reading;
        if (serving == null || !serving.same(good)) {
            use(good);
        }
    }

    private void use(ServingCertificate.Reading.Good good) {
        key.use(good.keys());
        serving = good;
        LOG.infof("serving with a certificate that is valid until %s", good.expires());
        if (listening) {
            state = "";
            return;
        }
        try {
            await(vertx.createHttpServer(options())
                    .requestHandler(this::serve)
                    .exceptionHandler(failure -> LOG.debug("webhook connection failed", failure))
                    .listen());
            LOG.infof("the webhook listens on https://%s:%d/inject", host, port);
            listening = true;
            state = "";
        } catch (Exception e) {
            LOG.errorf("the webhook cannot listen on %s:%d: %s", host, port, e.getMessage());
            state = "is fine, but its port cannot be listened on: " + e.getMessage();
            serving = null;
        }
    }

    private void serve(HttpServerRequest request) {
        request.connection().exceptionHandler(failure -> LOG.debug("webhook connection failed", failure));
        endpoint.handle(request);
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(KeyCertOptions.wrap(key))
                .setIdleTimeout(IDLE_SECONDS);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}

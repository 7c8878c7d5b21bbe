package io.penstock.injector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.policy.Value;
import io.penstock.telemetry.InjectorMeters;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * {@code POST /inject}. Bodies are read within bounds, each and all together, since whoever reaches the port can send one;
 * decisions are made by worker threads, because a large pod would hold the event loop up. Thread-safe.
 */
final class AdmissionEndpoint {
    static final String PATH = "/inject";
    static final String ERROR = "error";

    private static final Logger LOG = Logger.getLogger(AdmissionEndpoint.class);

    /** What an API server takes at most for one object. */
    private static final int LARGEST_BODY = 3 * 1024 * 1024;

    private static final int LARGEST_TOGETHER = 16 * 1024 * 1024;
    private static final long SLOWEST_BODY_MILLIS = 10_000;

    private final Vertx vertx;
    private final ObjectMapper json;
    private final Injection injection;
    private final Supplier<ClusterVersion> cluster;
    private final InjectorMeters meters;
    private final AtomicLong held = new AtomicLong();

    AdmissionEndpoint(
            Vertx vertx,
            ObjectMapper json,
            Injection injection,
            Supplier<ClusterVersion> cluster,
            InjectorMeters meters) {
        this.vertx = vertx;
        this.json = json;
        this.injection = injection;
        this.cluster = cluster;
        this.meters = meters;
    }

    /** What to answer. */
    private record Reply(int status, String contentType, Buffer body) {
        static Reply problem(int status, String message) {
            return new Reply(status, "text/plain;charset=UTF-8", Buffer.buffer(message + "\n"));
        }
    }

    void handle(HttpServerRequest request) {
        if (!request.path().equals(PATH)) {
            send(request, Reply.problem(404, "the webhook is at " + PATH));
        } else if (!request.method().equals(HttpMethod.POST)) {
            request.response().putHeader(HttpHeaders.ALLOW, "POST");
            send(request, Reply.problem(405, "the webhook takes POST"));
        } else {
            receive(request);
        }
    }

    private void receive(HttpServerRequest request) {
        Body body = new Body(request);
        long timer = vertx.setTimer(SLOWEST_BODY_MILLIS, fired -> body.refuse(408, "the body did not come in time"));
        request.exceptionHandler(gone -> {
            vertx.cancelTimer(timer);
            body.letGo();
        });
        request.handler(body::add);
        request.endHandler(end -> {
            vertx.cancelTimer(timer);
            if (!body.over) {
                decide(request, body);
            }
        });
    }

    private void decide(HttpServerRequest request, Body body) {
        long began = System.nanoTime();
        Buffer bytes = body.bytes;
        vertx.executeBlocking(() -> reply(bytes, began), false).onComplete(done -> {
            body.letGo();
            if (done.succeeded()) {
                send(request, done.result());
            } else {
                LOG.error("an admission request could not be answered", done.cause());
                meters.injection(ERROR, Duration.ofNanos(System.nanoTime() - began));
                send(request, Reply.problem(500, "internal error"));
            }
        });
    }

    private Reply reply(Buffer body, long began) {
        AdmissionRequest.Reading reading;
        try {
            reading = AdmissionRequest.of(json.readTree(body.getBytes()));
        } catch (JsonProcessingException e) {
            reading = new AdmissionRequest.Reading.Bad("the body is not JSON: " + e.getOriginalMessage());
        } catch (java.io.IOException e) {
            reading = new AdmissionRequest.Reading.Bad("the body cannot be read");
        }
        if (reading instanceof AdmissionRequest.Reading.Bad bad) {
            meters.injection(ERROR, Duration.ofNanos(System.nanoTime() - began));
            return Reply.problem(400, bad.message());
        }
        AdmissionRequest asked = ((AdmissionRequest.Reading.Good) reading).request();
        InjectionDecision decision = injection.decide(asked, cluster.get());
        Buffer answer = Buffer.buffer(AdmissionAnswer.of(asked, decision).toString());
        meters.injection(decision.label(), Duration.ofNanos(System.nanoTime() - began));
        log(asked, decision);
        return new Reply(200, "application/json", answer);
    }

    private static void log(AdmissionRequest asked, InjectionDecision decision) {
        LOG.infof(
                "pod=%s namespace=%s result=%s%s%s",
                Value.shown(new PodView(asked.pod()).name()),
                Value.shown(asked.namespace()),
                decision.label(),
                asked.dryRun() ? " dry_run=true" : "",
                decision.warnings().isEmpty() ? "" : " " + String.join("; ", decision.warnings()));
    }

    private static void send(HttpServerRequest request, Reply reply) {
        if (!request.response().closed() && !request.response().ended()) {
            var unused = request.response()
                    .setStatusCode(reply.status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, reply.contentType())
                    .end(reply.body());
        }
    }

    /** A body on its way in. Owned by its request's event loop. */
    private final class Body {
        private final HttpServerRequest request;
        private Buffer bytes = Buffer.buffer();
        private long counted;
        private boolean over;

        Body(HttpServerRequest request) {
            this.request = request;
        }

        void add(Buffer chunk) {
            if (over) {
                return;
            }
            counted += chunk.length();
            long together = held.addAndGet(chunk.length());
            if (counted > LARGEST_BODY) {
                refuse(413, "the body is larger than " + LARGEST_BODY + " bytes");
            } else if (together > LARGEST_TOGETHER) {
                refuse(503, "too many requests at a time");
            } else {
                bytes.appendBuffer(chunk);
            }
        }

        /** Answers at once, and closes the connection: the rest of the body is of no interest. */
        void refuse(int status, String message) {
            if (over) {
                return;
            }
            letGo();
            meters.injection(ERROR, Duration.ZERO);
            if (request.version() != HttpVersion.HTTP_2) {
                request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
            send(request, Reply.problem(status, message));
        }

        void letGo() {
            over = true;
            held.addAndGet(-counted);
            counted = 0;
            bytes = Buffer.buffer();
        }
    }
}

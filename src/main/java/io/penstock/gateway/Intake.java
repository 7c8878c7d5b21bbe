package io.penstock.gateway;

import io.penstock.classify.Classification;
import io.penstock.classify.Failure;
import io.penstock.classify.Phase;
import io.penstock.classify.RetryHint;
import io.penstock.classify.Signal;
import io.penstock.classify.Subject;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.InferencePaths;
import io.penstock.dialect.RequestReader;
import io.penstock.dialect.RequestReading;
import io.penstock.policy.RoutePolicy;
import io.penstock.record.Interception;
import io.penstock.relay.AnswerHeaders;
import io.penstock.relay.InterceptionDraft;
import io.penstock.relay.OwnAnswer;
import io.penstock.relay.Relay;
import io.penstock.relay.RelayRequest;
import io.penstock.relay.ReplayBody;
import io.penstock.relay.Silence;
import io.penstock.upstream.UpstreamSet;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes one request in: checks its head, reads its body, finds out what it asks for, and hands it to the relay; or
 * refuses it, in which case the interception ends here, recorded like any other. Owned by the request's event loop.
 */
final class Intake {
    /** Bodies above this are read by a worker thread: scanning them would hold the event loop up. */
    private static final int SCAN_ON_LOOP_BYTES = 256 * 1024;

    private static final Logger LOG = Logger.getLogger(Intake.class);
    private static final int NOT_FOUND = 404;
    private static final int INTERNAL_ERROR = 500;
    private static final int UNAVAILABLE = 503;
    private static final Duration MAX_UPLOAD_SILENCE = Duration.ofSeconds(30);
    private static final Refusal SLOW_UPLOAD = Refusal.of(
            408,
            Signal.INVALID_REQUEST,
            "nothing of the request body came for " + MAX_UPLOAD_SILENCE.toSeconds() + " s");
    /** The longest wait to pass on where no route says. */
    private static final Duration MAX_WAIT = Duration.ofMinutes(1);
    /** A request that met no route is answered in the envelope that most clients can read. */
    private static final Dialect LINGUA_FRANCA = Dialect.OPENAI;

    private final GatewayContext context;
    private final HttpServerRequest request;
    private final ClientExchange client;
    private final InterceptionDraft draft;
    private final UpstreamSet upstreams;
    private final BodyMemory.Share bodyMemory;

    private @Nullable RoutePolicy route;
    private @Nullable AtomicInteger inFlight;
    private @Nullable Silence upload;
    private @Nullable Relay relay;
    private boolean over;

    Intake(GatewayContext context, HttpServerRequest request) {
        this.context = context;
        this.request = request;
        this.client = new ClientExchange(
                context.vertx(), request, () -> context.drain().draining());
        this.upstreams = context.upstreams().snapshot();
        this.bodyMemory = context.bodies().share();
        this.draft = new InterceptionDraft(
                context.ids().next(),
                context.clock().instant(),
                context.relay().timers(),
                ClientIdentity.family(request.headers()));
    }

    /** Takes the request in, from its head on. */
    void begin() {
        Drain.Exchange entered = context.drain().enter(request, this::interrupt);
        client.whenDone(() -> context.drain().leave(entered));
        try {
            judgeHead();
        } catch (RuntimeException bug) {
            failedInside(bug);
        }
    }

    private void judgeHead() {
        client.onGone(this::goneEarly);
        Optional<Refusal> objection = HeadChecks.http(request);
        if (objection.isPresent()) {
            refuse(objection.get());
            return;
        }
        RequestTarget target = RequestTarget.of(request, upstreams);
        if (target instanceof RequestTarget.Unacceptable unacceptable) {
            refuse(Refusal.badRequest(unacceptable.message()));
            return;
        }
        RequestTarget.Parsed parsed = (RequestTarget.Parsed) target;
        RoutePolicy found = upstreams.route(parsed.route());
        if (found == null) {
            refuse(Refusal.of(
                    NOT_FOUND,
                    Signal.INVALID_REQUEST,
                    "there is no such route; the routes are "
                            + String.join(
                                    ", ",
                                    upstreams.routes().keySet().stream()
                                            .sorted()
                                            .toList())));
            return;
        }
        route = found;
        draft.route(found.name(), found.dialect(), upstreams.policy());
        enter(found, parsed);
    }

    /** The program ends and cannot wait any longer. */
    private void interrupt() {
        if (relay != null) {
            relay.interrupt(Drain.REASON);
        } else {
            refuse(new Refusal(UNAVAILABLE, Signal.NO_UPSTREAM, Drain.REASON, Relay.RETRY_AFTER_INTERRUPT));
        }
    }

    /** Ends the interception without asking anyone. */
    void refuse(Refusal refusal) {
        if (over) {
            return;
        }
        over = true;
        Dialect dialect = route == null ? LINGUA_FRANCA : route.dialect();
        Duration maxWait = route == null ? MAX_WAIT : route.maxRetryAfter();
        Classification error = upstreams
                .classifier()
                .classify(
                        new Failure.Signalled(refusal.signal(), refusal.message()),
                        new Subject(dialect, null, null, false));
        if (refusal.retryAfter() != null) {
            error = error.withRetryHint(new RetryHint(refusal.retryAfter(), "gateway"));
        }
        OwnAnswer answer = OwnAnswer.of(dialect, error, refusal.status());
        AnswerHeaders.identify(answer.headers(), draft.id(), null, 0);
        AnswerHeaders.explain(answer.headers(), error, refusal.status(), false, maxWait);
        draft.answered(answer.status());
        draft.responseBytes(answer.body().length());
        client.refuse(answer);
        ended(draft.failed(error, Phase.GATEWAY));
    }

    private void enter(RoutePolicy found, RequestTarget.Parsed target) {
        AtomicInteger counter = context.relay().traffic().inFlight(found.name());
        counter.incrementAndGet();
        inFlight = counter;
        Optional<Refusal> objection = RouteChecks.head(request, found)
                .or(() -> RouteChecks.lentKey(request, found, upstreams, target.path()))
                .or(() -> RouteChecks.full(found, counter.get()));
        if (objection.isPresent()) {
            refuse(objection.get());
            return;
        }
        if (HeadChecks.expectsContinue(request)) {
            request.response().writeContinue();
        }
        Silence silence = new Silence(context.relay().timers(), MAX_UPLOAD_SILENCE, () -> refuse(SLOW_UPLOAD));
        upload = silence;
        silence.start();
        BoundedBody.read(request, found.maxRequestBytes(), bodyMemory, silence::noise, reading -> {
            silence.stop();
            if (!over) {
                received(found, target, reading);
            }
        });
    }

    private void received(RoutePolicy found, RequestTarget.Parsed target, BoundedBody.Reading reading) {
        if (reading instanceof BoundedBody.Reading.TooLarge) {
            refuse(RouteChecks.bodyTooLarge(found));
        } else if (reading instanceof BoundedBody.Reading.NoRoom noRoom) {
            refuse(RouteChecks.noRoom(context.bodies(), noRoom.bytes()));
        } else if (reading instanceof BoundedBody.Reading.Broken) {
            refuse(Refusal.badRequest("the request body is not framed as HTTP (RFC 9112 §7.1)"));
        } else {
            Buffer body = ((BoundedBody.Reading.Whole) reading).body();
            draft.waitedFor(draft.elapsed());
            read(found, target.path(), body)
                    .onSuccess(understood -> {
                        if (!over) {
                            understood(found, target, body, understood);
                        }
                    })
                    .onFailure(this::failedInside);
        }
    }

    private Future<RequestReading> read(RoutePolicy found, String path, Buffer body) {
        String method = request.method().name();
        if (request.headers().contains(HttpHeaders.CONTENT_ENCODING)) {
            // A compressed body goes up as it came; what it asks for shows in the path alone.
            return Future.succeededFuture(
                    new RequestReading.Read(RequestReader.readPath(found.dialect(), method, path)));
        }
        String contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (body.length() <= SCAN_ON_LOOP_BYTES) {
            return Future.succeededFuture(
                    RequestReader.read(found.dialect(), method, path, contentType, body.getBytes()));
        }
        return context.vertx()
                .executeBlocking(
                        () -> RequestReader.read(found.dialect(), method, path, contentType, body.getBytes()), false);
    }

    private void understood(RoutePolicy found, RequestTarget.Parsed target, Buffer body, RequestReading reading) {
        draft.request(reading.head(), ClientIdentity.session(request.headers()), body.length());
        if (reading instanceof RequestReading.Malformed malformed) {
            refuse(Refusal.badRequest(malformed.message()));
            return;
        }
        over = true;
        Relay begun = new Relay(
                new RelayRequest(
                        upstreams,
                        found,
                        reading.head(),
                        request.method(),
                        InferencePaths.canonical(found.dialect(), target.path()) + target.query(),
                        HeaderRules.toUpstream(request.headers()),
                        new ReplayBody(body, bodyMemory::release)),
                client,
                draft,
                context.relay(),
                this::ended);
        relay = begun;
        client.onGone(begun::clientGone);
        begun.start();
    }

    private void failedInside(Throwable bug) {
        LOG.errorf(bug, "interception %s failed inside Penstock", draft.id());
        refuse(Refusal.of(INTERNAL_ERROR, Signal.NO_UPSTREAM, "internal error"));
    }

    private void goneEarly() {
        if (!over) {
            over = true;
            ended(draft.canceled());
        }
    }

    private void ended(Interception interception) {
        bodyMemory.release();
        if (inFlight != null) {
            inFlight.decrementAndGet();
        }
        if (upload != null) {
            upload.stop();
        }
        context.recorder().record(interception);
    }
}

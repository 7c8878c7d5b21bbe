package io.penstock.admin;

import io.penstock.policy.PolicySource;
import io.penstock.upstream.UpstreamDirectory;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * The admin API: everything under {@code /penstock/}, so that nothing of it is ever relayed.
 */
@Singleton
final class AdminRoutes {
    /** Before the data plane's catch-all. */
    private static final int ORDER = -1_000;

    private static final int GUARD = -1;
    private static final int TOO_LARGE = 413;
    private static final String OPENAPI = "/io/penstock/admin/openapi.json";
    private static final Logger LOG = Logger.getLogger(AdminRoutes.class);

    private final Vertx vertx;
    private final List<Endpoint> endpoints;

    /**
     * One path, in the notation of OpenAPI, relative to {@code /penstock}.
     *
     * @param method GET, which answers HEAD as well, or POST, which changes something
     */
    record Endpoint(HttpMethod method, String path, Function<RoutingContext, Uni<Answer>> answers) {

        static Endpoint get(String path, Function<RoutingContext, Uni<Answer>> answers) {
            return new Endpoint(HttpMethod.GET, path, answers);
        }

        static Endpoint post(String path, Function<RoutingContext, Uni<Answer>> answers) {
            return new Endpoint(HttpMethod.POST, path, answers);
        }

        String allowed() {
            return method.equals(HttpMethod.GET) ? "GET, HEAD" : "POST";
        }
    }

    AdminRoutes(Vertx vertx, InterceptionEndpoints interceptions, UpstreamDirectory upstreams, PolicySource policies) {
        this.vertx = vertx;
        Answer openApi = Answer.json(resource(OPENAPI));
        ClassifyEndpoint classify = new ClassifyEndpoint(policies);
        endpoints = List.of(
                Endpoint.get("/v1/interceptions", interceptions::list),
                Endpoint.get("/v1/interceptions/{id}", interceptions::one),
                Endpoint.get("/v1/threads/{id}", interceptions::thread),
                Endpoint.get("/v1/upstreams", context -> now(Answer.json(UpstreamJson.of(upstreams.statuses())))),
                Endpoint.post(
                        "/v1/upstreams/{name}/circuit/reset",
                        context -> now(new CircuitEndpoint(upstreams).reset(context))),
                Endpoint.post("/v1/classify", context -> now(classify.classify(context))),
                Endpoint.get(
                        "/v1/rules",
                        context ->
                                now(Answer.json(RulesJson.of(policies.current().rules())))),
                Endpoint.get("/v1/keys", context -> now(Answer.json(KeyJson.of(upstreams.keys())))),
                Endpoint.get(
                        "/v1/config",
                        context -> now(Answer.json(ConfigJson.of(policies.status(), policies.current())))),
                Endpoint.get("/v1/openapi.json", context -> now(openApi)));
    }

    void mount(@Observes Router router) {
        Router admin = Router.router(vertx);
        admin.route().order(GUARD - 1).handler(new HostGuard()).failureHandler(AdminRoutes::failed);
        for (Endpoint endpoint : endpoints) {
            String path = endpoint.path().replaceAll("\\{(\\w+)}", ":$1");
            Route route = admin.route(path).method(endpoint.method());
            if (endpoint.method().equals(HttpMethod.GET)) {
                route.method(HttpMethod.HEAD);
            } else {
                // A route of its own: Vert.x takes no body handler behind another handler of the same route.
                admin.route(path).method(endpoint.method()).order(GUARD).handler(new SameOriginGuard());
                route.handler(BodyHandler.create(false).setBodyLimit(ClassifyEndpoint.MAX_QUESTION));
            }
            route.handler(context -> answer(context, endpoint));
            admin.route(path).handler(context -> methodNotAllowed(context, endpoint.allowed()));
        }
        admin.route()
                .handler(context -> Reply.send(
                        context, Answer.problem(404, "there is nothing here: see /penstock/v1/openapi.json")));
        router.route("/penstock/*").order(ORDER).subRouter(admin);
    }

    List<Endpoint> endpoints() {
        return endpoints;
    }

    private static void answer(RoutingContext context, Endpoint endpoint) {
        // A store may answer on any thread; the response belongs to the event loop of its request.
        Context eventLoop = context.vertx().getOrCreateContext();
        Uni.createFrom()
                .deferred(() -> endpoint.answers().apply(context))
                .emitOn(task -> eventLoop.runOnContext(v -> task.run()))
                .subscribe()
                .with(answer -> Reply.send(context, answer), context::fail);
    }

    private static void methodNotAllowed(RoutingContext context, String allowed) {
        context.response().putHeader(HttpHeaders.ALLOW, allowed);
        Reply.send(context, Answer.problem(405, "only " + allowed.replace(", ", " and ") + " is answered here"));
    }

    private static void failed(RoutingContext context) {
        if (context.failure() instanceof HttpException e && e.getStatusCode() == 400) {
            Reply.send(context, Answer.problem(400, "the request line is malformed: check its percent-encoding"));
            return;
        }
        if (context.statusCode() == TOO_LARGE) {
            String limit = (ClassifyEndpoint.MAX_QUESTION >> 10) + " KiB";
            Reply.send(context, Answer.problem(TOO_LARGE, "the request's body is larger than " + limit));
            return;
        }
        LOG.error("the admin API failed on " + context.normalizedPath(), context.failure());
        Reply.send(context, Answer.problem(500, "Penstock failed to answer: its log says why"));
    }

    private static Uni<Answer> now(Answer answer) {
        return Uni.createFrom().item(answer);
    }

    private static String resource(String name) {
        try (InputStream in = AdminRoutes.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("missing resource: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.penstock.admin;

import static io.restassured.RestAssured.given;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import io.penstock.policy.Policy;
import io.penstock.policy.PolicySource;
import io.penstock.policy.Problem;
import io.penstock.record.InterceptionStore;
import io.penstock.record.Sample;
import io.penstock.record.SampleJson;
import io.penstock.telemetry.SamplePolicy;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The admin API over a filled store, in front of a catch-all that answers {@code relayed}. */
final class AdminServer {
    private final Vertx vertx = Vertx.vertx();
    private final AdminRoutes routes;
    private final HttpServer server;

    AdminServer() {
        InterceptionStore store = SampleJson.store(10_000);
        store.append(IntStream.rangeClosed(1, 60)
                        .mapToObj(n -> Sample.interception(n).thread("t-" + n).build())
                        .toList())
                .await()
                .indefinitely();
        store.append(List.of(
                        Sample.interception(101)
                                .thread("a/b c")
                                .attempt("primary", "first", Category.OVERLOADED, 529)
                                .failed(Category.OVERLOADED, Phase.PRE_COMMIT, "busy")
                                .build(),
                        Sample.interception(102).thread("a/b c").build(),
                        Sample.interception(103).thread("fine").build()))
                .await()
                .indefinitely();
        store.append(IntStream.rangeClosed(201, 1_202)
                        .mapToObj(n -> Sample.interception(n).thread("long").build())
                        .toList())
                .await()
                .indefinitely();
        routes = new AdminRoutes(
                vertx,
                new InterceptionEndpoints(store, SampleJson.inPod("web-1")),
                new OneUpstream(),
                new RejectedReload(SamplePolicy.twoUpstreams("v1")));
        Router router = Router.router(vertx);
        router.route().order(0).handler(context -> context.response().end("relayed"));
        routes.mount(router);
        server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    ValidatableResponse get(String path) {
        return client().get(path).then();
    }

    RequestSpecification client() {
        return given().baseUri("http://127.0.0.1").port(port());
    }

    int port() {
        return server.actualPort();
    }

    Vertx vertx() {
        return vertx;
    }

    List<AdminRoutes.Endpoint> endpoints() {
        return routes.endpoints();
    }

    /** A policy whose file has since been changed to something wrong. */
    private record RejectedReload(Policy current) implements PolicySource {
        @Override
        public void onChange(Consumer<Policy> listener) {}

        @Override
        public Status status() {
            return new Status(
                    "/etc/penstock/penstock.yaml",
                    current.version(),
                    Instant.parse("2026-03-01T09:00:00Z"),
                    List.of(new Problem(Problem.Severity.ERROR, "upstreams[0].url", 12, "is missing")));
        }
    }
}

package io.penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.breaker.CircuitState;
import io.penstock.policy.Policy;
import io.penstock.policy.RoutePolicy;
import io.penstock.simulator.Ending;
import io.penstock.simulator.Headers;
import io.penstock.simulator.Script;
import io.penstock.simulator.Simulator;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UpstreamsTest {
    private final List<String> transitions = new ArrayList<>();
    private Vertx vertx;
    private Simulator simulator;
    private TestPolicy first;
    private TestPolicy.Source source;
    private Upstreams upstreams;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        simulator = Simulator.start(vertx);
        first = TestPolicy.of(simulator.baseUrl());
        source = new TestPolicy.Source(first.policy());
        upstreams = new Upstreams(
                vertx, source, List.of((upstream, scope, from, to, cause) -> transitions.add(upstream + " " + to)));
    }

    @AfterEach
    void stop() {
        upstreams.close();
        simulator.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void keepsAnUpstreamWhosePolicyIsUnchanged() {
        Upstream before = upstreams.snapshot().upstream("primary");

        source.change(first.policy("2", first.route(1, 1, List.of())));

        assertThat(upstreams.snapshot().policy().version()).isEqualTo("2");
        assertThat(upstreams.snapshot().upstream("primary")).isSameAs(before);
        assertThat(upstreams.snapshot().route("openai"))
                .isNotNull()
                .extracting(RoutePolicy::maxRequestBytes)
                .isEqualTo(1L);
    }

    @Test
    void leavesASnapshotAsItWas() {
        UpstreamSet before = upstreams.snapshot();

        source.change(new Policy("empty", List.of(), List.of(), first.policy().records()));

        assertThat(before.upstream("primary").name()).isEqualTo("primary");
        assertThat(upstreams.snapshot().route("openai")).isNull();
        assertThat(upstreams.statuses()).isEmpty();
    }

    @Test
    void closesAChangedUpstreamAfterItsCallsHaveEnded() throws Exception {
        simulator.always(Script.begin().head(200, Headers.NONE).bytes("x").hang());
        Upstream before = upstreams.snapshot().upstream("primary");
        UpstreamCall call = answered(before);

        source.change(first.limits(7, 7).policy());

        assertThat(upstreams.snapshot().upstream("primary")).isNotSameAs(before);
        assertThat(simulator.exchanges().get(0).ending()).isNotDone();
        assertThat(simulator.openConnections()).isEqualTo(1);
        vertx.runOnContext(x -> {
            call.reset();
            before.release();
        });
        assertThat(simulator.exchanges().get(0).ending())
                .succeedsWithin(Duration.ofSeconds(5))
                .extracting(Ending::how)
                .isEqualTo(Ending.How.ABANDONED);
        await().atMost(Duration.ofSeconds(5)).until(() -> simulator.openConnections() == 0);
    }

    @Test
    void closesTheIdleConnectionsOfAChangedUpstreamAtOnce() throws Exception {
        Upstream before = upstreams.snapshot().upstream("primary");
        whole(before);
        assertThat(simulator.openConnections()).isEqualTo(1);

        source.change(first.limits(7, 7).policy());

        await().atMost(Duration.ofSeconds(5)).until(() -> simulator.openConnections() == 0);
    }

    @Test
    void stillServesAnInterceptionThatBeganBeforeTheReload() throws Exception {
        // One that was uploading, or waiting to retry, when the policy changed under it.
        Upstream before = upstreams.snapshot().upstream("primary");
        whole(before);
        source.change(first.limits(7, 7).policy());
        await().atMost(Duration.ofSeconds(5)).until(() -> simulator.openConnections() == 0);

        whole(before);

        assertThat(simulator.exchanges()).hasSize(2);
        await().atMost(Duration.ofSeconds(5)).until(() -> simulator.openConnections() == 0);
    }

    @Test
    void showsTheStateOfAnUpstream() throws Exception {
        Upstream upstream = upstreams.snapshot().upstream("primary");
        for (int i = 0; i < 20; i++) {
            upstream.circuits().whole().tryAcquire().ifPresent(permit -> permit.failed("overloaded"));
        }

        UpstreamStatus status = upstreams.statuses().get(0);

        CircuitStatus circuit = status.circuits().get(0);
        assertThat(circuit.scope()).isEqualTo("upstream");
        assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
        assertThat(circuit.cause()).isEqualTo("overloaded");
        assertThat(circuit.openFor()).isPositive();
        assertThat(status.circuits()).extracting(CircuitStatus::scope).containsExactly("upstream", "other");
        assertThat(status.credentials()).isEqualTo("passthrough");
        assertThat(status.keyHints()).isEmpty();
        assertThat(status.inFlight()).isZero();
        assertThat(transitions).containsExactly("primary OPEN");
    }

    /** A call whose answer has begun. */
    private UpstreamCall answered(Upstream upstream) throws Exception {
        CompletableFuture<UpstreamCall> answered = new CompletableFuture<>();
        vertx.runOnContext(x -> {
            UpstreamCall call = upstream.open(ConnectorRig.post());
            call.send().onSuccess(answer -> answered.complete(call)).onFailure(answered::completeExceptionally);
        });
        return answered.get(5, TimeUnit.SECONDS);
    }

    /** A call from its beginning to the end of its answer. */
    private void whole(Upstream upstream) throws Exception {
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        vertx.runOnContext(x -> upstream.open(ConnectorRig.post())
                .send()
                .onSuccess(answer -> answer.read(
                        chunk -> {},
                        end -> {
                            upstream.release();
                            ended.complete(answer.status());
                        },
                        ended::completeExceptionally))
                .onFailure(failure -> {
                    upstream.release();
                    ended.completeExceptionally(failure);
                }));
        assertThat(ended.get(5, TimeUnit.SECONDS)).isEqualTo(200);
    }
}

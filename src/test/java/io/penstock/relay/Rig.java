package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import io.penstock.classify.Classifier;
import io.penstock.classify.RuleSet;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.RequestHead;
import io.penstock.dialect.RequestReader;
import io.penstock.dialect.RequestReading;
import io.penstock.policy.Policy;
import io.penstock.policy.PolicyDefaults;
import io.penstock.policy.RecordsPolicy;
import io.penstock.policy.RoutePolicy;
import io.penstock.policy.RoutePolicy.Hold;
import io.penstock.policy.RoutePolicy.WhenAllOpen;
import io.penstock.record.Interception;
import io.penstock.record.Interception.TerminalError;
import io.penstock.telemetry.LiveTraffic;
import io.penstock.upstream.Upstream;
import io.penstock.upstream.UpstreamSet;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One interception on a bench: virtual time, scripted upstreams, an application that a test plays. Everything happens on
 * the test's thread, so that after each call all of its consequences can be seen.
 */
final class Rig {
    static final UUID ID = UUID.fromString("01890000-0000-7000-8000-000000000001");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    final ManualTimers timers;
    final FakeClient client = new FakeClient();
    final Interceptions interceptions = new Interceptions();
    final LiveTraffic traffic = new LiveTraffic();

    private final List<FakeUpstream> upstreams;
    private final MultiMap headers = HttpHeaders.headers();
    private Dialect dialect = Dialect.OPENAI;
    private HttpMethod method = HttpMethod.POST;
    private String path = "/v1/chat/completions";
    private Buffer body = Buffer.buffer(Wire.REQUEST);
    private Duration deadline = Duration.ofMinutes(10);
    private Hold hold = PolicyDefaults.HOLD;
    private Set<Category> failoverOn = Set.of();
    private WhenAllOpen whenAllOpen = WhenAllOpen.REFUSE;
    /** Half of every bound, so that a jittered wait is the same each time. */
    private DoubleSupplier random = () -> 0.5;

    private RuleSet rules = RuleSet.EMPTY;

    private @Nullable Relay relay;
    private @Nullable ReplayBody replayed;

    Rig() {
        this(new ManualTimers(), new ArrayList<>());
    }

    private Rig(ManualTimers timers, List<FakeUpstream> upstreams) {
        this.timers = timers;
        this.upstreams = upstreams;
    }

    /** Another interception, of another application, at the same time and with the same upstreams. */
    Rig another() {
        return new Rig(timers, upstreams).rules(rules);
    }

    /** The next upstream, asked when those before it have failed. */
    FakeUpstream upstream(String name, Script... scripts) {
        return upstream(name, new FakeUpstream.Settings(), scripts);
    }

    FakeUpstream upstream(String name, FakeUpstream.Settings settings, Script... scripts) {
        FakeUpstream upstream = FakeUpstream.of(name, upstreams.size(), settings, timers);
        upstreams.add(upstream.plays(scripts));
        return upstream;
    }

    Rig deadline(Duration time) {
        deadline = time;
        return this;
    }

    Rig hold(Hold bounds) {
        hold = bounds;
        return this;
    }

    Rig failsOverOn(Category category) {
        failoverOn = Set.of(category);
        return this;
    }

    Rig whenAllOpen(WhenAllOpen choice) {
        whenAllOpen = choice;
        return this;
    }

    Rig sends(String header, String value) {
        headers.add(header, value);
        return this;
    }

    Rig random(DoubleSupplier source) {
        random = source;
        return this;
    }

    Rig asks(Dialect spoken, HttpMethod how, String where, String what) {
        dialect = spoken;
        method = how;
        path = where;
        body = Buffer.buffer(what);
        return this;
    }

    Rig rules(RuleSet inForce) {
        rules = inForce;
        return this;
    }

    /** The interception begins. What the scripts do at once has happened when this returns. */
    Rig start() {
        List<RoutePolicy.Target> targets =
                upstreams.stream().map(FakeUpstream::target).toList();
        RoutePolicy route = new RoutePolicy(
                "llm",
                dialect,
                deadline,
                targets,
                List.of(),
                32L << 20,
                null,
                Duration.ofSeconds(60),
                hold,
                failoverOn,
                whenAllOpen);
        Map<String, Upstream> byName = new LinkedHashMap<>();
        upstreams.forEach(upstream -> byName.put(upstream.name(), upstream.upstream()));
        Policy policy = new Policy(
                "v1",
                List.of(route),
                byName.values().stream().map(Upstream::policy).toList(),
                new RecordsPolicy(RecordsPolicy.Store.MEMORY, 100));
        InterceptionDraft draft = new InterceptionDraft(ID, NOON, timers, "test");
        RequestHead head = head();
        draft.route(route.name(), dialect, policy);
        draft.request(head, null, body.length());
        ReplayBody sent = new ReplayBody(body, () -> {});
        replayed = sent;
        RelayRequest request = new RelayRequest(
                new UpstreamSet(
                        policy,
                        Map.of(route.name(), route),
                        byName,
                        new Classifier(Clock.fixed(NOON, ZoneOffset.UTC), rules)),
                route,
                head,
                method,
                path,
                headers,
                sent);
        RelayServices services = new RelayServices(traffic, timers, random);
        Relay begun = new Relay(request, client, draft, services, interceptions);
        relay = begun;
        begun.start();
        return this;
    }

    private RequestHead head() {
        int question = path.indexOf('?');
        String bare = question < 0 ? path : path.substring(0, question);
        RequestReading reading = RequestReader.read(dialect, method.name(), bare, "application/json", body.getBytes());
        return ((RequestReading.Read) reading).head();
    }

    /** Whether the request could be sent once more. */
    boolean replayable() {
        try {
            return Objects.requireNonNull(replayed).bytes().length() >= 0;
        } catch (IllegalStateException released) {
            return false;
        }
    }

    /** How many calls were made in all. */
    int calls() {
        return upstreams.stream().mapToInt(FakeUpstream::calls).sum();
    }

    /** The program ends. */
    void interrupt() {
        Objects.requireNonNull(relay).interrupt("the gateway is shutting down");
    }

    void clientGone() {
        Objects.requireNonNull(relay).clientGone();
    }

    /** The record of the interception, after which nothing may be left over anywhere. */
    Interception record() {
        Interception interception = interceptions.only();
        assertTidy();
        return interception;
    }

    /** The error with which the interception ended, after which nothing may be left over anywhere. */
    TerminalError failure() {
        record();
        return interceptions.failure();
    }

    private void assertTidy() {
        assertThat(timers.pending()).as("timers left").isZero();
        assertThat(traffic.openStreams("llm")).as("open streams").hasValue(0);
        for (FakeUpstream upstream : upstreams) {
            String name = upstream.name();
            assertThat(upstream.connector.calls())
                    .as("calls to %s that hang on", name)
                    .allMatch(ScriptedCall::over);
            assertThat(upstream.upstream().saturated()).as("%s is in use", name).isFalse();
            assertThat(upstream.breaker.permits())
                    .as("permits of %s, each closed once", name)
                    .hasSize(upstream.calls())
                    .allSatisfy(permit -> assertThat(permit.closings()).hasSize(1));
        }
        assertThat(client.count("head")).as("heads").isLessThanOrEqualTo(1);
        assertThat(client.count("end") + client.count("reset")).as("ends").isLessThanOrEqualTo(1);
    }
}

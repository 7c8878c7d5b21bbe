package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.breaker.Circuits;
import io.penstock.breaker.GuardBreaker;
import io.penstock.classify.Classifier;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.RequestReader;
import io.penstock.dialect.RequestReading;
import io.penstock.policy.Policy;
import io.penstock.policy.PolicyDefaults;
import io.penstock.policy.RecordsPolicy;
import io.penstock.policy.RoutePolicy;
import io.penstock.policy.UpstreamPolicy;
import io.penstock.record.CountedRecords;
import io.penstock.record.Recorder;
import io.penstock.telemetry.CountedTraffic;
import io.penstock.telemetry.LiveTraffic;
import io.penstock.upstream.ApiKey;
import io.penstock.upstream.Connector;
import io.penstock.upstream.KeyPool;
import io.penstock.upstream.MissingModels;
import io.penstock.upstream.RetryBudget;
import io.penstock.upstream.StoredKey;
import io.penstock.upstream.Upstream;
import io.penstock.upstream.UpstreamCall;
import io.penstock.upstream.UpstreamRequest;
import io.penstock.upstream.UpstreamSet;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Many interceptions at a time over the same upstreams, all of whose parts but the connections are the program's: relays,
 * breakers, key pools, retry budgets, recorder and meters. Time is virtual, but for the breakers', which is short.
 */
final class SoakBench {
    static final Duration OPEN_FOR = Duration.ofMillis(2);
    static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    final ManualTimers timers = new ManualTimers();
    final LiveTraffic traffic = new LiveTraffic();
    final CountedRecords records = new CountedRecords();
    final CountedTraffic metrics = new CountedTraffic(records.dropped());
    final Map<String, Upstream> upstreams = new LinkedHashMap<>();

    private final Recorder recorder = records.recorder(metrics);
    private final List<ScriptedCall> open = new ArrayList<>();
    private final Random random;
    private final Policy policy;
    private final UpstreamSet set;
    /** What the next call gets to see. */
    private final Function<Tongue, List<SoakFault.Step>> plays;

    long calls;
    long started;
    long ended;
    long released;

    SoakBench(Random random, Function<Tongue, List<SoakFault.Step>> plays) {
        this.random = random;
        this.plays = plays;
        Stream.of(upstream("a", 12), upstream("b", 0, "gpt-5"), upstream("c", 8, "gpt-5", "gemini-3"))
                .forEach(upstream -> upstreams.put(upstream.name(), upstream));
        List<RoutePolicy> routes = new ArrayList<>();
        for (Dialect dialect : List.of(Dialect.OPENAI, Dialect.ANTHROPIC, Dialect.GEMINI)) {
            routes.add(route(dialect.label(), dialect, List.copyOf(upstreams.keySet())));
            upstreams.keySet().forEach(name -> routes.add(route(dialect.label() + name, dialect, List.of(name))));
        }
        this.policy = new Policy(
                "v1",
                routes,
                upstreams.values().stream().map(Upstream::policy).toList(),
                new RecordsPolicy(RecordsPolicy.Store.MEMORY, 100));
        Map<String, RoutePolicy> byName = new LinkedHashMap<>();
        routes.forEach(route -> byName.put(route.name(), route));
        this.set = new UpstreamSet(
                policy, byName, upstreams, new Classifier(Clock.fixed(NOON, ZoneOffset.UTC), policy.rules()));
    }

    /** One interception, over all upstreams or one of them. */
    final class Case {
        final FakeClient client = new FakeClient();
        final Relay relay;
        private long timersSet;
        boolean over;

        Case(Tongue tongue, boolean streaming, @Nullable String only) {
            RoutePolicy route =
                    Objects.requireNonNull(set.routes().get(tongue.dialect.label() + (only == null ? "" : only)));
            InterceptionDraft draft = new InterceptionDraft(new UUID(0x7000L, ++started), NOON, timers, "soak");
            Buffer bytes = Buffer.buffer(tongue.body(streaming));
            String bare = tongue.path().replaceFirst("\\?.*", "");
            RequestReading reading = RequestReader.read(
                    tongue.dialect, HttpMethod.POST.name(), bare, "application/json", bytes.getBytes());
            draft.route(route.name(), tongue.dialect, policy);
            draft.request(reading.head(), null, bytes.length());
            this.relay = new Relay(
                    new RelayRequest(
                            set,
                            route,
                            reading.head(),
                            HttpMethod.POST,
                            tongue.path(),
                            HttpHeaders.headers(),
                            new ReplayBody(bytes, () -> released++)),
                    client,
                    draft,
                    new RelayServices(traffic, new Counted(), random::nextDouble),
                    interception -> {
                        assertThat(over).as("ended before").isFalse();
                        over = true;
                        ended++;
                        assertThat(timersSet)
                                .as("timers of an interception that ended")
                                .isZero();
                        recorder.record(interception);
                    });
        }

        /** Timers of this interception, so that one that is left over shows at its end. */
        private final class Counted implements Timers {
            @Override
            public long nanos() {
                return timers.nanos();
            }

            @Override
            public Timer after(Duration delay, Runnable work) {
                boolean[] gone = new boolean[1];
                timersSet++;
                Timer timer = timers.after(delay, () -> {
                    gone[0] = true;
                    timersSet--;
                    work.run();
                });
                return () -> {
                    timer.cancel();
                    if (!gone[0]) {
                        gone[0] = true;
                        timersSet--;
                    }
                };
            }
        }
    }

    /** The calls that neither ended nor were reset. */
    List<ScriptedCall> hanging() {
        open.removeIf(ScriptedCall::over);
        return open;
    }

    private static RoutePolicy route(String name, Dialect dialect, List<String> targets) {
        return new RoutePolicy(
                name,
                dialect,
                DEADLINE,
                targets.stream()
                        .map(target -> new RoutePolicy.Target(target, 1, 1, List.of(), 0))
                        .toList(),
                List.of(),
                32L << 20,
                null,
                Duration.ofSeconds(60),
                PolicyDefaults.HOLD,
                Set.of(),
                RoutePolicy.WhenAllOpen.REFUSE);
    }

    private Upstream upstream(String name, int keyCount, String... modelNames) {
        List<String> models = List.of(modelNames);
        List<StoredKey> keys = IntStream.range(0, keyCount)
                .mapToObj(i -> "sk-" + name + "-number-" + i)
                .map(secret -> new StoredKey(new UpstreamPolicy.SecretRef.Env(secret), new ApiKey(secret)))
                .toList();
        UpstreamPolicy.KeyRest rest =
                new UpstreamPolicy.KeyRest(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3));
        UpstreamPolicy made = new UpstreamPolicy(
                name,
                URI.create("https://" + name + ".example"),
                Dialect.OPENAI,
                keys.isEmpty()
                        ? new UpstreamPolicy.CredentialsPolicy.Passthrough()
                        : new UpstreamPolicy.CredentialsPolicy.Keys(
                                keys.stream().map(StoredKey::reference).toList()),
                "g",
                rest,
                models,
                new UpstreamPolicy.Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(3)),
                new UpstreamPolicy.Retry(
                        2, Duration.ofMillis(200), Duration.ofSeconds(5), new UpstreamPolicy.Budget(0.2, 3)),
                new UpstreamPolicy.Circuit(12, 0.5, OPEN_FOR, 2, null),
                new UpstreamPolicy.Limits(0, 512),
                new UpstreamPolicy.Tls(null),
                UpstreamPolicy.HttpVersion.AUTO);
        return new Upstream(
                made,
                new Scripted(),
                keys.isEmpty() ? null : new KeyPool(name, rest, timers::nanos, keys),
                new Circuits(models, scope -> new GuardBreaker(name, scope, made.circuit(), metrics)),
                new RetryBudget(made.retry().budget(), timers::nanos),
                new MissingModels(made.circuit().openFor(), timers::nanos),
                () -> {});
    }

    /** Plays a part for every call, a step now and then. */
    private final class Scripted implements Connector {
        @Override
        public UpstreamCall open(UpstreamRequest request) {
            calls++;
            List<SoakFault.Step> steps = plays.apply(tongueOf(request));
            ScriptedCall call = new ScriptedCall(request, begun -> {});
            open.add(call);
            if (open.size() > 1_000) {
                hanging();
            }
            step(call, steps, 0);
            return call;
        }

        private void step(ScriptedCall call, List<SoakFault.Step> steps, int number) {
            if (number < steps.size()) {
                timers.after(Duration.ofMillis(random.nextInt(30)), () -> {
                    if (!call.over()) {
                        steps.get(number).play(call);
                        step(call, steps, number + 1);
                    }
                });
            }
        }

        @Override
        public void close() {
            throw new IllegalStateException("nothing in a relay closes an upstream's connections");
        }
    }

    private static Tongue tongueOf(UpstreamRequest request) {
        return Stream.of(Tongue.values())
                .filter(tongue -> tongue.path().equals(request.path()))
                .findFirst()
                .orElseThrow();
    }
}

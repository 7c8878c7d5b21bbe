package io.penstock.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.penstock.classify.Classifier;
import io.penstock.classify.RuleSet;
import io.penstock.dialect.Dialect;
import io.penstock.policy.Policy;
import io.penstock.policy.PolicyDefaults;
import io.penstock.policy.RecordsPolicy;
import io.penstock.policy.RoutePolicy;
import io.penstock.policy.RoutePolicy.ModelMapping;
import io.penstock.policy.RoutePolicy.Target;
import io.penstock.upstream.Upstream;
import io.penstock.upstream.UpstreamSet;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleSupplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AttemptPlanTest {
    private final ManualTimers timers = new ManualTimers();
    private final Map<String, Upstream> upstreams = new LinkedHashMap<>();

    private AttemptPlan plan(List<Target> targets, DoubleSupplier random, String... keys) {
        return plan("gpt-5", targets, random, keys);
    }

    private AttemptPlan plan(@Nullable String model, List<Target> targets, DoubleSupplier random, String... keys) {
        upstreams.clear();
        for (Target target : targets) {
            FakeUpstream.Settings settings = new FakeUpstream.Settings().keys(keys);
            upstreams.put(
                    target.upstream(),
                    FakeUpstream.of(target.upstream(), 1, settings, timers).upstream());
        }
        return again(targets, model, random);
    }

    private AttemptPlan again(List<Target> targets, @Nullable String model) {
        return again(targets, model, () -> 0.5);
    }

    /** Another interception's plan over the same upstreams. */
    private AttemptPlan again(List<Target> targets, @Nullable String model, DoubleSupplier random) {
        RoutePolicy route = new RoutePolicy(
                "llm",
                Dialect.OPENAI,
                Duration.ofMinutes(1),
                targets,
                List.of(),
                1,
                null,
                Duration.ofSeconds(60),
                PolicyDefaults.HOLD,
                Set.of(),
                RoutePolicy.WhenAllOpen.REFUSE);
        Policy policy = new Policy("v1", List.of(route), List.of(), new RecordsPolicy(RecordsPolicy.Store.MEMORY, 1));
        return new AttemptPlan(
                route,
                new UpstreamSet(
                        policy, Map.of("llm", route), upstreams, new Classifier(Clock.systemUTC(), RuleSet.EMPTY)),
                model,
                random);
    }

    private static Target target(String name, int priority, int weight) {
        return new Target(name, priority, weight, List.of(), 0);
    }

    private void lacks(String upstream, String model) {
        Objects.requireNonNull(upstreams.get(upstream)).missingModels().lacks(model);
    }

    private static List<String> order(AttemptPlan plan) {
        List<String> names = new ArrayList<>();
        for (Optional<Upstream> next = plan.next(); next.isPresent(); next = plan.next()) {
            names.add(next.get().name());
        }
        return names;
    }

    @Property(tries = 300)
    void asksEachTargetOnceAndNeverALaterPriorityFirst(
            @ForAll @Size(max = 8) List<@IntRange(max = 3) Integer> priorities, @ForAll long seed) {
        List<Target> targets = new ArrayList<>();
        Random random = new Random(seed);
        for (int i = 0; i < priorities.size(); i++) {
            targets.add(target("u" + i, priorities.get(i), 1 + random.nextInt(100)));
        }
        List<String> order = order(plan(targets, random::nextDouble));
        assertThat(order)
                .containsExactlyInAnyOrderElementsOf(
                        targets.stream().map(Target::upstream).toList());
        assertThat(order.stream().map(name -> priorities.get(Integer.parseInt(name.substring(1)))))
                .isSorted();
    }

    @Test
    void asksFirstInProportionToTheWeights() {
        Random random = new Random(42);
        List<Target> targets = List.of(target("a", 1, 1), target("b", 1, 3), target("c", 1, 6), target("d", 2, 1_000));
        Map<String, Integer> first = new HashMap<>();
        int draws = 10_000;
        for (int i = 0; i < draws; i++) {
            first.merge(order(plan(targets, random::nextDouble)).get(0), 1, Integer::sum);
        }
        // Three standard deviations of a draw of ten thousand are 1.5 percentage points at most.
        assertThat(first.get("a")).isCloseTo(1_000, within(150));
        assertThat(first.get("b")).isCloseTo(3_000, within(150));
        assertThat(first.get("c")).isCloseTo(6_000, within(150));
        assertThat(first).doesNotContainKey("d");
    }

    @Test
    void goesThroughTheKeysOfEachUpstream() {
        AttemptPlan plan = plan(
                List.of(target("a", 1, 1), target("b", 2, 1)), () -> 0.5, "sk-first-key-0001", "sk-second-key-002");
        plan.next();
        assertThat(plan.keyReady()).isTrue();
        assertThat(hint(plan)).isEqualTo("sk-f…0001");
        assertThat(plan.nextKey()).isTrue();
        assertThat(hint(plan)).isEqualTo("sk-s…-002");
        assertThat(plan.nextKey()).isFalse();
        plan.next();
        assertThat(plan.keyReady()).isTrue();
        assertThat(hint(plan)).isEqualTo("sk-f…0001");
    }

    @Test
    void keepsTheKeyForARetry() {
        AttemptPlan plan = plan(List.of(target("a", 1, 1)), () -> 0.5, "sk-first-key-0001", "sk-second-key-002");
        plan.next();
        assertThat(plan.keyReady()).isTrue();
        assertThat(plan.keyReady()).isTrue();
        assertThat(hint(plan)).isEqualTo("sk-f…0001");
    }

    @Test
    void needsNoKeyWhereTheApplicationsOwnIsPassedThrough() {
        AttemptPlan plan = plan(List.of(target("a", 1, 1)), () -> 0.5);
        plan.next();
        assertThat(plan.keyReady()).isTrue();
        assertThat(plan.key()).isNull();
        assertThat(plan.nextKey()).isFalse();
        assertThat(plan.keysOut()).isEmpty();
        assertThat(plan.keyRest()).isZero();
    }

    @Test
    void translatesTheNamesOfModelsPerUpstream() {
        Target azure = new Target("azure", 1, 1, List.of(new ModelMapping("gpt-5", "gpt-5-prod")), 0);
        AttemptPlan plan = plan(List.of(azure, target("b", 2, 1)), () -> 0.5);
        plan.next();
        assertThat(plan.upstreamModel()).isEqualTo("gpt-5-prod");
        plan.next();
        assertThat(plan.upstreamModel()).isEqualTo("gpt-5");
    }

    @Test
    void knowsNoModelWhereNoneIsAskedFor() {
        Target azure = new Target("azure", 1, 1, List.of(new ModelMapping("gpt-5", "gpt-5-prod")), 0);
        AttemptPlan plan = plan(null, List.of(azure), () -> 0.5);
        plan.next();
        assertThat(plan.upstreamModel()).isNull();
    }

    @Test
    void asksLastWhoLatelyLackedTheModelAndFirstAgainWhenThatIsLongAgo() {
        Target azure = new Target("azure", 1, 1, List.of(new ModelMapping("gpt-5", "gpt-5-prod")), 0);
        List<Target> targets = List.of(azure, target("b", 2, 1));
        plan(targets, () -> 0.5);
        lacks("azure", "gpt-5-prod");
        assertThat(order(again(targets, "gpt-5"))).containsExactly("b", "azure");
        assertThat(order(again(targets, "gpt-4"))).containsExactly("azure", "b");
        assertThat(order(again(targets, null))).containsExactly("azure", "b");
        timers.advance(Duration.ofSeconds(15));
        assertThat(order(again(targets, "gpt-5"))).containsExactly("azure", "b");
    }

    @Test
    void keepsOnlyWhoIsDeclaredLargerThanTheOneThatWasTooSmall() {
        List<Target> targets =
                List.of(sized("undeclared", 0), sized("small", 100), sized("as-small", 100), sized("large", 200));
        AttemptPlan first = plan(targets, () -> 0.5);
        first.next();
        first.onlyLarger();
        assertThat(order(first)).containsExactly("small", "as-small", "large");
        AttemptPlan second = plan(targets, () -> 0.5);
        second.next();
        second.next();
        second.onlyLarger();
        assertThat(order(second)).containsExactly("large");
        assertThat(second.hasNext()).isFalse();
    }

    @Test
    void goesBackToTheFirstThatWasKeptBackOnce() {
        AttemptPlan plan = plan(List.of(target("a", 1, 1), target("b", 2, 1)), () -> 0.5);
        assertThat(plan.keptBack()).isEmpty();
        plan.next();
        plan.keepBack();
        plan.next();
        plan.keepBack();
        assertThat(plan.keptBack()).map(Upstream::name).hasValue("a");
        assertThat(plan.keptBack()).isEmpty();
    }

    private static String hint(AttemptPlan plan) {
        return Objects.requireNonNull(plan.key()).key().hint();
    }

    private static Target sized(String name, int contextWindow) {
        return new Target(name, 1, 1, List.of(), contextWindow);
    }
}

package io.penstock.injector;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.injector.PolicyPlan.Step;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyPlanTest {
    private static final SourcePolicy.Good POLICY = new SourcePolicy.Good("records: {store: memory}", "v2");

    @Test
    void writesWhereThereIsNoCopyOrAnOldOne() {
        assertThat(PolicyPlan.of(Set.of("a", "b", "c"), List.of(copy("b", "v1"), copy("c", "v2")), POLICY, null))
                .containsExactly(new Step.Write("a", false), new Step.Write("b", true));
    }

    @Test
    void writesAnewWhereTheOwnerIsAnother() {
        assertThat(PolicyPlan.of(Set.of("a"), List.of(copy("a", "v2")), POLICY, "other"))
                .containsExactly(new Step.Write("a", true));
        assertThat(PolicyPlan.of(Set.of("a"), List.of(copy("a", "v2")), POLICY, "owner-1"))
                .isEmpty();
    }

    @Test
    void removesOwnCopiesWhereTheyAreNoLongerWanted() {
        assertThat(PolicyPlan.of(Set.of("a"), List.of(copy("a", "v2"), copy("b", "v2")), POLICY, null))
                .containsExactly(new Step.Remove("b", "uid-b", "7"));
    }

    @Test
    void neverTouchesAConfigMapOfSomebodyElse() {
        PolicyCopy foreign = new PolicyCopy("a", "uid", "7", false, "v1", null);
        PolicyCopy elsewhere = new PolicyCopy("b", "uid", "7", false, "v1", null);

        assertThat(PolicyPlan.of(Set.of("a"), List.of(foreign, elsewhere), POLICY, null))
                .containsExactly(new Step.KeepOut("a"));
        assertThat(PolicyPlan.of(Set.of(), List.of(foreign, elsewhere), new SourcePolicy.Absent(), null))
                .isEmpty();
    }

    @Test
    void removesAllCopiesWhereTheSourceIsGone() {
        assertThat(PolicyPlan.of(Set.of("a"), List.of(copy("a", "v2")), new SourcePolicy.Absent(), null))
                .containsExactly(new Step.Remove("a", "uid-a", "7"));
    }

    @Test
    void changesNothingWhileTheSourceIsNoGood() {
        assertThat(PolicyPlan.of(
                        Set.of("a"), List.of(copy("b", "v1")), new SourcePolicy.Bad("routes: is no list"), null))
                .isEmpty();
    }

    @Test
    void judgesTheSourceAsASidecarWould() {
        assertThat(SourcePolicy.of(Pods.json("{\"data\":{\"penstock.yaml\":\"records: {store: memory}\"}}")))
                .isInstanceOf(SourcePolicy.Good.class);
        assertThat(SourcePolicy.of(Pods.json("{\"data\":{\"penstock.yaml\":\"rutes: []\"}}")))
                .isInstanceOfSatisfying(
                        SourcePolicy.Bad.class, bad -> assertThat(bad.why()).contains("did you mean 'routes'?"));
        assertThat(SourcePolicy.of(Pods.json("{\"data\":{}}")))
                .isEqualTo(new SourcePolicy.Bad("it has no key penstock.yaml"));
    }

    @Test
    void whatItWritesItKnowsAgain() {
        InjectorSettings settings = Pods.settings(
                Pods.SETTINGS.replace("policy:\n", "policy:\n  owner: {kind: ClusterRole, name: penstock}\n"));

        PolicyCopy read = PolicyCopy.of(PolicyCopy.manifest("a", settings.policy(), POLICY.text(), "owner-1"));

        assertThat(read.ours()).isTrue();
        assertThat(read.namespace()).isEqualTo("a");
        assertThat(read.owner()).isEqualTo("owner-1");
        assertThat(read.version()).isEqualTo(PolicyCopy.version(POLICY.text()));
    }

    private static PolicyCopy copy(String namespace, String version) {
        return new PolicyCopy(namespace, "uid-" + namespace, "7", true, version, "owner-1");
    }
}

package io.penstock.injector;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What has to be done so that exactly the injected namespaces have the policy: a pure function of what there is. */
final class PolicyPlan {
    private PolicyPlan() {}

    /** One thing to do. */
    sealed interface Step {
        String namespace();

        /** @param known whether there is a copy of ours, over which whatever somebody wrote gives way */
        record Write(String namespace, boolean known) implements Step {}

        record Remove(String namespace, String uid, String resourceVersion) implements Step {}

        /** Nothing to do but to tell: the namespace has a ConfigMap of its own by that name. */
        record KeepOut(String namespace) implements Step {}
    }

    /**
     * The steps, in the order of the namespaces' names.
     *
     * @param namespaces those that are injected
     * @param copies all ConfigMaps by the policy's name
     * @param owner the uid that copies have to name, or null where that does not matter
     */
    static List<Step> of(
            Set<String> namespaces, Collection<PolicyCopy> copies, SourcePolicy source, @Nullable String owner) {
        if (source instanceof SourcePolicy.Bad) {
            return List.of();
        }
        Map<String, PolicyCopy> present =
                copies.stream().collect(Collectors.toMap(PolicyCopy::namespace, Function.identity(), (a, b) -> b));
        List<Step> steps = new ArrayList<>();
        if (source instanceof SourcePolicy.Good good) {
            namespaces.stream().sorted().forEach(namespace -> {
                PolicyCopy copy = present.get(namespace);
                if (copy != null && !copy.ours()) {
                    steps.add(new Step.KeepOut(namespace));
                } else if (copy == null || !upToDate(copy, good, owner)) {
                    steps.add(new Step.Write(namespace, copy != null));
                }
            });
        }
        present.values().stream()
                .filter(PolicyCopy::ours)
                .filter(copy -> source instanceof SourcePolicy.Absent || !namespaces.contains(copy.namespace()))
                .map(copy -> new Step.Remove(copy.namespace(), copy.uid(), copy.resourceVersion()))
                .sorted((a, b) -> a.namespace().compareTo(b.namespace()))
                .forEach(steps::add);
        return List.copyOf(steps);
    }

    private static boolean upToDate(PolicyCopy copy, SourcePolicy.Good source, @Nullable String owner) {
        return copy.version().equals(source.version()) && (owner == null || Objects.equals(copy.owner(), owner));
    }
}

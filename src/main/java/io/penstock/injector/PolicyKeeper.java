package io.penstock.injector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.telemetry.InjectorMeters;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a copy of the release's policy in each injected namespace, and no copy anywhere else. Looks at the whole each time
 * and does what is missing, so replicas need not know of one another: the second writes what the first wrote, which
 * server-side apply takes for nothing. One thread calls {@link #reconcile()}.
 */
final class PolicyKeeper {
    /** What may become of a write; the values of a metric label. */
    static final List<String> RESULTS = List.of("applied", "deleted", "kept_out", "failed");

    private static final Logger LOG = Logger.getLogger(PolicyKeeper.class);
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final InjectorSettings settings;
    private final InjectorSettings.Source source;
    private final Kubernetes kubernetes;
    private final InjectorMeters meters;
    private final ListWatch<Boolean> namespaces;
    private final ListWatch<PolicyCopy> copies;
    private final ListWatch<SourcePolicy> sources;
    private final Set<String> keptOut = new HashSet<>();
    private @Nullable SourcePolicy told;
    private @Nullable String owner;

    PolicyKeeper(
            InjectorSettings settings,
            InjectorSettings.Source source,
            Kubernetes kubernetes,
            ObjectMapper json,
            InjectorMeters meters,
            Runnable onChange) {
        this.settings = settings;
        this.source = source;
        this.kubernetes = kubernetes;
        this.meters = meters;
        this.namespaces = new ListWatch<>(
                "namespaces", WatchedResource.namespaces(), kubernetes, json, PolicyKeeper::alive, onChange);
        this.copies = new ListWatch<>(
                "policy copies",
                WatchedResource.configMaps(settings.policy().configMap()),
                kubernetes,
                json,
                PolicyCopy::of,
                onChange);
        this.sources = new ListWatch<>(
                "the policy " + source,
                WatchedResource.configMapsIn(source.namespace(), source.name()),
                kubernetes,
                json,
                SourcePolicy::of,
                onChange);
    }

    /** What has to be kept up to date, each by a thread of its own. */
    List<ListWatch<?>> views() {
        return List.of(namespaces, copies, sources);
    }

    /** Finds out anew who owns the copies. */
    void refreshOwner() {
        String name = settings.policy().owner();
        if (name == null) {
            return;
        }
        Kubernetes.Answer answer = kubernetes.call((api, bearer) -> api.clusterRole(bearer, name));
        if (answer instanceof Kubernetes.Answer.Found found) {
            owner = found.body().path("metadata").path("uid").asText();
        } else {
            LOG.warnf("the owner of the policy copies, ClusterRole %s, could not be read: %s", name, answer);
        }
    }

    /** Does what is missing, and says whether all of it worked. */
    boolean reconcile() {
        if (!namespaces.listed() || !copies.listed() || !sources.listed()) {
            return true;
        }
        SourcePolicy policy = sources.objects().getOrDefault(source.toString(), new SourcePolicy.Absent());
        tell(policy);
        boolean fine = true;
        List<PolicyPlan.Step> steps = PolicyPlan.of(injected(), copies.objects().values(), policy, owner);
        keptOut.retainAll(steps.stream()
                .filter(PolicyPlan.Step.KeepOut.class::isInstance)
                .map(PolicyPlan.Step::namespace)
                .collect(Collectors.toSet()));
        for (PolicyPlan.Step step : steps) {
            if (step instanceof PolicyPlan.Step.Write write && policy instanceof SourcePolicy.Good good) {
                fine &= write(write, good);
            } else if (step instanceof PolicyPlan.Step.Remove remove) {
                fine &= remove(remove);
            } else if (keptOut.add(step.namespace())) {
                meters.copy("kept_out");
                LOG.warnf(
                        "namespace %s has a ConfigMap %s of its own, which stays as it is",
                        step.namespace(), settings.policy().configMap());
            }
        }
        return fine;
    }

    /** Those with the label that are there to stay, without those that never get a sidecar and the source's own. */
    private Set<String> injected() {
        return namespaces.objects().entrySet().stream()
                .filter(entry -> entry.getValue())
                .map(entry -> entry.getKey().substring(1))
                .filter(name -> !settings.excludeNamespaces().contains(name))
                .filter(name -> !name.equals(source.namespace()))
                .collect(Collectors.toSet());
    }

    private void tell(SourcePolicy policy) {
        meters.sourceValid(policy instanceof SourcePolicy.Good);
        if (policy.equals(told)) {
            return;
        }
        told = policy;
        if (policy instanceof SourcePolicy.Good good) {
            LOG.infof("policy %s of %s goes to the injected namespaces", good.version(), source);
        } else if (policy instanceof SourcePolicy.Bad bad) {
            LOG.errorf("the policy %s is refused, the copies stay as they are:\n%s", source, bad.why());
        } else {
            LOG.warnf("there is no ConfigMap %s: namespaces get no policy", source);
        }
    }

    private boolean write(PolicyPlan.Step.Write step, SourcePolicy.Good policy) {
        String manifest = PolicyCopy.manifest(step.namespace(), settings.policy(), policy.text(), owner)
                .toString();
        Kubernetes.Answer answer = kubernetes.call((api, bearer) -> api.applyConfigMap(
                bearer,
                step.namespace(),
                settings.policy().configMap(),
                PolicyCopy.FIELD_MANAGER,
                step.known(),
                manifest));
        if (answer instanceof Kubernetes.Answer.Found) {
            meters.copy("applied");
            LOG.infof("namespace %s has policy %s", step.namespace(), policy.version());
            return true;
        }
        // A namespace that has just gone, or somebody's own ConfigMap that came first: the views will tell.
        return hasPassed(answer) || failed("written", step.namespace(), answer);
    }

    private boolean remove(PolicyPlan.Step.Remove step) {
        // Only the very object that was seen: it may have become somebody's own since.
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        options.put("apiVersion", "v1").put("kind", "DeleteOptions");
        options.putObject("preconditions").put("uid", step.uid()).put("resourceVersion", step.resourceVersion());
        Kubernetes.Answer answer = kubernetes.call((api, bearer) ->
                api.deleteConfigMap(bearer, step.namespace(), settings.policy().configMap(), options.toString()));
        if (answer instanceof Kubernetes.Answer.Found) {
            meters.copy("deleted");
            LOG.infof("namespace %s is no longer injected: its policy is removed", step.namespace());
            return true;
        }
        return hasPassed(answer) || failed("removed", step.namespace(), answer);
    }

    private static boolean hasPassed(Kubernetes.Answer answer) {
        return answer instanceof Kubernetes.Answer.Refused refused
                && (refused.status() == NOT_FOUND || refused.status() == CONFLICT);
    }

    private boolean failed(String what, String namespace, Kubernetes.Answer answer) {
        meters.copy("failed");
        LOG.warnf("the policy of namespace %s could not be %s: %s", namespace, what, answer);
        return false;
    }

    /** Nothing can be created in a namespace that is being removed. */
    private static boolean alive(JsonNode namespace) {
        return namespace.path("metadata").path("deletionTimestamp").isMissingNode();
    }
}

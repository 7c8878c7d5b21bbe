package io.penstock.injector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.injector.InjectorSettings.Interception;
import io.penstock.policy.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Writes the patch that gives one pod its sidecar. Adds only what is not there, so that a second run adds nothing. */
final class PodInjection {
    private static final String SPEC = "/spec";
    private static final String METADATA = "/metadata";
    private static final String DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";
    private static final String SCRAPE = "prometheus.io/";

    private final InjectorSettings settings;
    private final PodOptions options;
    private final String version;
    private final SidecarContainer sidecar;

    PodInjection(InjectorSettings settings, PodOptions options, String version) {
        this.settings = settings;
        this.options = options;
        this.version = version;
        this.sidecar = new SidecarContainer(settings, options);
    }

    InjectionDecision into(PodView pod, SidecarMode wanted) {
        SidecarMode mode = pod.injected() ? presentMode(pod) : wanted;
        PodPatch patch = new PodPatch(pod.pod());
        if (options.env()) {
            addVariables(patch, "containers");
            if (mode == SidecarMode.NATIVE) {
                addVariables(patch, "initContainers");
            }
        }
        if (!pod.injected()) {
            addSidecar(patch, pod, mode);
        }
        return new InjectionDecision.Inject(patch.operations(), mode, warnings(pod, mode));
    }

    private void addVariables(PodPatch patch, String list) {
        JsonNode containers = patch.pod().at(SPEC).path(list);
        for (int i = 0; i < containers.size(); i++) {
            JsonNode container = containers.get(i);
            if (PodView.isOurs(container) || options.skippedContainers().contains(PodView.name(container))) {
                continue;
            }
            String path = SPEC + "/" + list + "/" + i;
            ContainerEnv.missing(container)
                    .forEach((name, value) -> patch.append(
                            path,
                            "env",
                            JsonNodeFactory.instance
                                    .objectNode()
                                    .put("name", name)
                                    .put("value", value)));
        }
    }

    private void addSidecar(PodPatch patch, PodView pod, SidecarMode mode) {
        sidecar.volumes().forEach(volume -> patch.append(SPEC, "volumes", volume));
        if (mode == SidecarMode.NATIVE) {
            // The first of the init containers, so that all the others find it ready.
            patch.insert(SPEC, "initContainers", 0, sidecar.container(mode));
        } else {
            // The kubelet starts containers in this order, which gives the sidecar a head start.
            pod.containers()
                    .findFirst()
                    .filter(first -> !pod.annotations().has(DEFAULT_CONTAINER))
                    .ifPresent(first -> annotate(patch, DEFAULT_CONTAINER, PodView.name(first)));
            patch.insert(SPEC, "containers", 0, sidecar.container(mode));
        }
        Integer user = settings.sidecar().runAsUser();
        if (options.interception() == Interception.REDIRECT && user != null) {
            ObjectNode redirect = RedirectContainer.container(settings, options, user);
            // Before the sidecar and all that it serves; behind the init containers that an ordinary one cannot serve.
            int place =
                    mode == SidecarMode.NATIVE ? 0 : (int) pod.initContainers().count();
            patch.insert(SPEC, "initContainers", place, redirect);
        }
        boolean scraped = pod.annotations().properties().stream()
                .anyMatch(annotation -> annotation.getKey().startsWith(SCRAPE));
        if (settings.scrapeAnnotations() && !scraped) {
            annotate(patch, SCRAPE + "scrape", "true");
            annotate(patch, SCRAPE + "port", String.valueOf(SidecarContainer.MANAGEMENT_PORT));
            annotate(patch, SCRAPE + "path", "/metrics");
        }
        annotate(patch, PodAnnotation.STATUS.key(), status(mode));
    }

    private String status(SidecarMode mode) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("version", version)
                .put("mode", mode.label())
                .put("interception", options.interception() == Interception.ENV ? "env" : "redirect")
                .toString();
    }

    private List<String> warnings(PodView pod, SidecarMode mode) {
        List<String> warnings = new ArrayList<>(options.warnings());
        boolean otherInits = pod.initContainers().anyMatch(container -> !PodView.isOurs(container));
        if (mode == SidecarMode.ORDINARY && otherInits) {
            warnings.add("init containers run before the Penstock sidecar and go without it (no native sidecars here)");
        }
        if (pod.graceSeconds() < options.drain().toSeconds()) {
            warnings.add("terminationGracePeriodSeconds is " + pod.graceSeconds()
                    + ": open streams are cut after that, though " + "the drain allows "
                    + options.drain().toSeconds() + " s");
        }
        if (options.env()) {
            pod.allContainers()
                    .filter(container -> !options.skippedContainers().contains(PodView.name(container)))
                    .filter(container -> container.path("envFrom").size() > 0)
                    .filter(container -> !ContainerEnv.missing(container).isEmpty())
                    .map(container -> "container " + Value.shown(PodView.name(container))
                            + " has envFrom: an SDK's base URL in it is overridden" + " ("
                            + PodAnnotation.SKIP_CONTAINERS.key() + " prevents that)")
                    .forEach(warnings::add);
        }
        if (options.interception() == Interception.REDIRECT
                && options.redirectHosts().isEmpty()) {
            warnings.add("interception is redirect, but no host is named (" + PodAnnotation.REDIRECT_HOSTS.key()
                    + "): nothing is redirected");
        }
        Set<String> unknown = new TreeSet<>(options.skippedContainers());
        unknown.removeAll(pod.allContainers().map(PodView::name).collect(Collectors.toSet()));
        unknown.forEach(name -> warnings.add(PodAnnotation.SKIP_CONTAINERS.key() + " names " + Value.shown(name)
                + ", which is no container of this pod"));
        return List.copyOf(warnings);
    }

    private static SidecarMode presentMode(PodView pod) {
        return pod.initContainers().anyMatch(PodView::isSidecar) ? SidecarMode.NATIVE : SidecarMode.ORDINARY;
    }

    private static void annotate(PodPatch patch, String key, String value) {
        patch.put(METADATA, "annotations", key, JsonNodeFactory.instance.textNode(value));
    }
}

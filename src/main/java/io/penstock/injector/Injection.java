package io.penstock.injector;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.injector.InjectorSettings.Interception;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides what becomes of a pod: a pure function of the request, the settings and the API server's version. The reasons to
 * skip are tried in a fixed order, so that a pod always gets the same one; docs/injection.md tells it.
 */
final class Injection {
    private static final String INJECT_LABEL = PodAnnotation.PREFIX + "inject";
    private static final Set<Integer> PORTS = Set.of(SidecarContainer.DATA_PORT, SidecarContainer.MANAGEMENT_PORT);

    private final InjectorSettings settings;
    private final String version;

    /** @param version of Penstock, which injected pods show */
    Injection(InjectorSettings settings, String version) {
        this.settings = settings;
        this.version = version;
    }

    InjectionDecision decide(AdmissionRequest request, ClusterVersion cluster) {
        if (!request.isPodCreation()) {
            return skip(SkipReason.NOT_A_POD_CREATION);
        }
        PodView pod = new PodView(request.pod());
        Optional<InjectionDecision> refusal = notWanted(request, pod).or(() -> notPossible(pod));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        PodOptions.Reading reading = PodOptions.of(settings, pod.annotations());
        if (reading instanceof PodOptions.Reading.Bad bad) {
            return new InjectionDecision.Skip(SkipReason.INVALID_ANNOTATION, bad.message());
        }
        PodOptions options = ((PodOptions.Reading.Good) reading).options();
        SidecarMode mode = SidecarMode.of(settings.sidecar().nativeSidecar(), cluster);
        return Optional.<InjectionDecision>empty()
                .or(() -> pod.injected() ? Optional.empty() : conflict(pod, options, mode))
                .or(() -> unserved(pod, options, mode))
                .orElseGet(() -> new PodInjection(settings, options, version).into(pod, mode));
    }

    private Optional<InjectionDecision> notWanted(AdmissionRequest request, PodView pod) {
        if (settings.excludeNamespaces().contains(request.namespace())) {
            return Optional.of(skip(SkipReason.NAMESPACE_EXCLUDED));
        }
        // Whoever wrote anything else than true meant to keep the sidecar out: the namespace alone lets it in.
        return pod.label(INJECT_LABEL)
                .filter(value -> !value.equals("true"))
                .map(value -> value.equals("false")
                        ? skip(SkipReason.OPTED_OUT)
                        : new InjectionDecision.Skip(
                                SkipReason.OPTED_OUT, "it is neither true nor false, which is taken for false"));
    }

    private static Optional<InjectionDecision> notPossible(PodView pod) {
        if (pod.isStatic()) {
            return Optional.of(skip(SkipReason.STATIC_POD));
        }
        if (pod.onHostNetwork()) {
            return Optional.of(skip(SkipReason.HOST_NETWORK));
        }
        return pod.onWindows() ? Optional.of(skip(SkipReason.WINDOWS)) : Optional.empty();
    }

    private Optional<InjectionDecision> conflict(PodView pod, PodOptions options, SidecarMode mode) {
        Set<String> volumes = PodView.elements(new SidecarContainer(settings, options).volumes())
                .map(PodView::name)
                .collect(Collectors.toSet());
        Optional<String> taken = Stream.concat(
                        pod.allContainers().filter(PodView::isOurs),
                        pod.volumes().filter(volume -> volumes.contains(PodView.name(volume))))
                .map(PodView::name)
                .findFirst();
        if (taken.isPresent()) {
            return taken.map(name -> new InjectionDecision.Skip(SkipReason.NAME_TAKEN, name));
        }
        Optional<JsonNode> port = pod.allContainers()
                .flatMap(container -> PodView.elements(container.path("ports")))
                .filter(declared ->
                        PORTS.contains(declared.path("containerPort").asInt()))
                .findFirst();
        if (port.isPresent()) {
            return port.map(declared -> new InjectionDecision.Skip(
                    SkipReason.PORT_TAKEN, declared.path("containerPort").asText()));
        }
        if (mode == SidecarMode.ORDINARY && pod.ends()) {
            return Optional.of(skip(SkipReason.WOULD_NEVER_FINISH));
        }
        return options.interception() == Interception.REDIRECT
                        && settings.sidecar().runAsUser() == null
                ? Optional.of(skip(SkipReason.REDIRECT_WITHOUT_USER))
                : Optional.empty();
    }

    private static Optional<InjectionDecision> unserved(PodView pod, PodOptions options, SidecarMode mode) {
        if (options.interception() == Interception.REDIRECT || !options.env()) {
            return Optional.empty();
        }
        Stream<JsonNode> reachable = mode == SidecarMode.NATIVE ? pod.allContainers() : pod.containers();
        boolean served = reachable
                .filter(container -> !PodView.isOurs(container))
                .filter(container -> !options.skippedContainers().contains(PodView.name(container)))
                .anyMatch(container -> ContainerEnv.usesSidecar(container)
                        || !ContainerEnv.missing(container).isEmpty());
        return served ? Optional.empty() : Optional.of(skip(SkipReason.NO_CONTAINER_SERVED));
    }

    private static InjectionDecision skip(SkipReason reason) {
        return new InjectionDecision.Skip(reason, "");
    }
}

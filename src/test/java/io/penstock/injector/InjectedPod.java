package io.penstock.injector;

import com.fasterxml.jackson.databind.JsonNode;

/** What the injector makes of a pod with one container. */
public final class InjectedPod {
    private InjectedPod() {}

    /** The application's container, as JSON. */
    public static String application() {
        JsonNode pod = Pods.json(
                "{\"metadata\": {}, \"spec\": {\"containers\": [{\"name\": \"app\", \"image\": \"shop:1\"}]}}");
        return Pods.patched(pod, Pods.decide(Pods.SETTINGS, Pods.NEW, pod))
                .at("/spec/containers/0")
                .toString();
    }
}

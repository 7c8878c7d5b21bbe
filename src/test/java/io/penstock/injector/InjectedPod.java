package io.penstock.injector;

import com.fasterxml.jackson.databind.JsonNode;

/** What the injector makes of a pod with one container. */
public final class InjectedPod {
    private InjectedPod() {}

    /** The pod, as JSON. */
    public static String whole() {
        JsonNode pod = Pods.json(
                "{\"metadata\": {}, \"spec\": {\"containers\": [{\"name\": \"app\", \"image\": \"shop:1\"}]}}");
        return Pods.patched(pod, Pods.decide(Pods.SETTINGS, Pods.NEW, pod)).toString();
    }
}

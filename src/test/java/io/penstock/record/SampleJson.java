package io.penstock.record;

/** The JSON of interceptions for tests outside this package. */
public final class SampleJson {
    private SampleJson() {}

    public static InterceptionJson inPod(String name) {
        return new InterceptionJson(new PodIdentity(name, "shop"));
    }

    public static InterceptionStore store(int capacity) {
        return new MemoryStore(() -> capacity, Runnable::run);
    }
}

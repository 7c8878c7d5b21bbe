package io.penstock.injector;

import io.penstock.injector.InjectorSettings.NativeSidecar;

/** How the sidecar is part of the pod. */
enum SidecarMode {
    /** An init container that stays: it is ready before the others start, and ends after them. */
    NATIVE("native"),
    /** A container like the application's, for clusters before 1.29. */
    ORDINARY("ordinary");

    private final String label;

    SidecarMode(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    static SidecarMode of(NativeSidecar setting, ClusterVersion version) {
        return switch (setting) {
            case ALWAYS -> NATIVE;
            case NEVER -> ORDINARY;
            case AUTO -> version.hasNativeSidecars() ? NATIVE : ORDINARY;
        };
    }
}

package io.penstock.injector;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;

/** What becomes of a pod. */
sealed interface InjectionDecision {

    /** The result's metric label. */
    String label();

    /** What the person who creates the pod should know, each in one sentence. */
    List<String> warnings();

    /**
     * The pod gets its sidecar.
     *
     * @param patch RFC 6902; empty where the pod has all of it already (another webhook made the API server ask again)
     */
    record Inject(ArrayNode patch, SidecarMode mode, List<String> warnings) implements InjectionDecision {
        @Override
        public String label() {
            return patch.isEmpty() ? UNCHANGED : INJECTED;
        }
    }

    /** @param detail what of this pod made it so, or empty */
    record Skip(SkipReason reason, String detail) implements InjectionDecision {
        @Override
        public String label() {
            return reason.label();
        }

        @Override
        public List<String> warnings() {
            return List.of("no Penstock sidecar: " + reason.sentence() + (detail.isEmpty() ? "" : ": " + detail));
        }
    }

    String INJECTED = "injected";
    String UNCHANGED = "unchanged";
}

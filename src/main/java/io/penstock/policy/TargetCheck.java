package io.penstock.policy;

import io.penstock.dialect.Dialect;
import io.penstock.policy.UpstreamPolicy.CredentialsPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges whether the upstreams that a route names are there, fit the route, and fit each other. */
final class TargetCheck {
    private static final int MOST_NAMES = 10;

    private final DeclaredUpstreams upstreams;
    private final Set<String> used = new HashSet<>();

    TargetCheck(DeclaredUpstreams upstreams) {
        this.upstreams = upstreams;
    }

    /** The names that any route has used by now. */
    Set<String> used() {
        return used;
    }

    OfRoute ofRoute(@Nullable Dialect dialect) {
        return new OfRoute(dialect);
    }

    /** Follows the upstreams of one route. */
    final class OfRoute {
        private final @Nullable Dialect dialect;
        private final Set<String> seen = new HashSet<>();
        private @Nullable UpstreamPolicy firstPassthrough;

        private OfRoute(@Nullable Dialect dialect) {
            this.dialect = dialect;
        }

        void target(String name, Value place) {
            used.add(name);
            if (!seen.add(name)) {
                place.error("names the upstream " + Value.shown(name) + " a second time: remove one of them");
                return;
            }
            if (!upstreams.names().contains(name)) {
                place.error("names an upstream that is not declared: " + Value.shown(name) + cure(name));
                return;
            }
            UpstreamPolicy upstream = upstreams.get(name);
            if (upstream == null) {
                return;
            }
            if (dialect != null && upstream.dialect() != dialect) {
                place.error(
                        "upstream '" + name + "' speaks " + upstream.dialect().label() + ", but the route speaks "
                                + dialect.label() + ": give the route upstreams of its own dialect");
            }
            if (upstream.credentials() instanceof CredentialsPolicy.Passthrough) {
                passthrough(upstream, place);
            }
        }

        /** An application's own key is for one vendor: it must not reach another one by failover. */
        private void passthrough(UpstreamPolicy upstream, Value place) {
            UpstreamPolicy first = firstPassthrough;
            if (first == null) {
                firstPassthrough = upstream;
            } else if (!first.credentialGroup().equals(upstream.credentialGroup())) {
                place.error("the application's key for '" + first.name() + "' (credential group "
                        + first.credentialGroup() + ") would go to '" + upstream.name() + "' (credential group "
                        + upstream.credentialGroup() + ") too: give '" + upstream.name()
                        + "' credentials of its own, or credentials: none, or the credentialGroup of '" + first.name()
                        + "' if the same key is good for both");
            }
        }

        private String cure(String name) {
            boolean builtIn =
                    BuiltInPolicy.upstreams().stream().anyMatch(u -> u.name().equals(name));
            if (builtIn) {
                return "; the built-in upstreams are there only while the file has no routes: add it to upstreams";
            }
            List<String> declared =
                    upstreams.names().stream().filter(Names::wellFormed).toList();
            String suggestion = Suggestion.among(declared, name);
            if (!suggestion.isEmpty()) {
                return suggestion;
            }
            return declared.isEmpty() || declared.size() > MOST_NAMES
                    ? "; add it to upstreams"
                    : " (declared: " + String.join(", ", declared) + "): add it to upstreams";
        }
    }
}

package io.penstock.admin;

import io.penstock.upstream.UpstreamDirectory;
import io.penstock.upstream.UpstreamDirectory.Reset;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;

/** Closes circuits by hand. */
final class CircuitEndpoint {
    private static final String SCOPE = "scope";

    private final UpstreamDirectory upstreams;

    CircuitEndpoint(UpstreamDirectory upstreams) {
        this.upstreams = upstreams;
    }

    Answer reset(RoutingContext context) {
        Set<String> parameters = context.queryParams().names();
        List<String> scopes = context.queryParams().getAll(SCOPE);
        if (!parameters.stream().allMatch(SCOPE::equals)) {
            String detail = "there is no such parameter, expected " + SCOPE + " or none";
            return Answer.badQuery(parameters.stream()
                    .filter(name -> !name.equals(SCOPE))
                    .map(name -> new ParameterProblem(ParameterProblem.shown(name), detail, List.of(SCOPE)))
                    .toList());
        }
        if (scopes.size() > 1) {
            return Answer.badQuery(List.of(ParameterProblem.of(SCOPE, "is given more than once: give it once")));
        }
        Reset reset = upstreams.reset(context.pathParam("name"), scopes.isEmpty() ? null : scopes.get(0));
        if (reset instanceof Reset.NoUpstream none) {
            return Answer.problem(404, "no upstream has this name, there are " + String.join(", ", none.known()));
        }
        if (reset instanceof Reset.NoScope none) {
            String detail = "found '" + ParameterProblem.shown(scopes.get(0)) + "', expected one of "
                    + String.join(", ", none.known());
            return Answer.badQuery(List.of(new ParameterProblem(SCOPE, detail, none.known())));
        }
        return Answer.json(UpstreamJson.of(((Reset.Done) reset).status()));
    }
}

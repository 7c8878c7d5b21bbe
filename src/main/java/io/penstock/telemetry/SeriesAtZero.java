package io.penstock.telemetry;

import io.penstock.breaker.CircuitState;
import io.penstock.classify.Category;
import io.penstock.classify.ErrorType;
import io.penstock.classify.Phase;
import io.penstock.classify.Reaction;
import io.penstock.dialect.Dialect;
import io.penstock.dialect.Operation;
import io.penstock.policy.Policy;
import io.penstock.policy.RoutePolicy;
import io.penstock.policy.RoutePolicy.Target;
import io.penstock.policy.UpstreamPolicy;
import io.penstock.policy.UpstreamPolicy.CredentialsPolicy;
import io.penstock.record.Interception.Outcome;
import jakarta.inject.Singleton;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Makes every series that a policy lets happen exist at zero, so that the first failure of a kind is already a rate and
 * alerts need no {@code absent()}.
 */
@Singleton
final class SeriesAtZero {
    /** The route of requests that met none. */
    private static final String UNKNOWN_ROUTE = "unknown";

    private final Meters meters;
    private final LiveTraffic live;
    private final CircuitMeters circuits;
    private final KeyMeters keys;

    SeriesAtZero(Meters meters, LiveTraffic live, CircuitMeters circuits, KeyMeters keys) {
        this.meters = meters;
        this.live = live;
        this.circuits = circuits;
        this.keys = keys;
    }

    void of(Policy policy) {
        route(UNKNOWN_ROUTE, EnumSet.of(Operation.OTHER), List.of(), Set.of());
        for (RoutePolicy route : policy.routes()) {
            route(route.name(), operations(route.dialect()), route.targets(), route.failoverOn());
            genAi(route.dialect());
        }
        policy.upstreams().forEach(this::upstream);
    }

    private void route(String route, Set<Operation> operations, List<Target> targets, Set<Category> failoverOn) {
        for (Operation operation : operations) {
            for (Outcome outcome : Outcome.values()) {
                meters.interceptions(route, operation, outcome);
            }
        }
        for (boolean streaming : new boolean[] {false, true}) {
            meters.durations(route, streaming);
            meters.firstContents(route, streaming);
            meters.overheads(route, streaming);
        }
        meters.inFlight(route, live.inFlight(route));
        meters.openStreams(route, live.openStreams(route));
        Category.builtIn().forEach(category -> errors(route, targets, category));
        for (Target from : targets) {
            targets.stream()
                    .filter(to -> !from.upstream().equals(to.upstream()))
                    .forEach(to -> failovers(from, to, failoverOn));
        }
    }

    private void errors(String route, List<Target> targets, Category category) {
        for (Phase phase : ExpectedPhases.of(category)) {
            if (phase == Phase.GATEWAY) {
                meters.errors(route, Meters.NO_UPSTREAM, category, phase);
            } else {
                targets.forEach(target -> meters.errors(route, target.upstream(), category, phase));
            }
        }
    }

    private void failovers(Target from, Target to, Set<Category> failoverOn) {
        Category.builtIn().stream()
                .filter(category -> switch (category.reaction().failover()) {
                    case ALWAYS, UNLESS_ANSWERED_4XX -> true;
                    case OPT_IN -> failoverOn.contains(category);
                    case LARGER_ONLY -> to.contextWindow() > from.contextWindow();
                    case NEVER -> false;
                })
                .forEach(category -> meters.failovers(from.upstream(), to.upstream(), category.name()));
    }

    private void upstream(UpstreamPolicy upstream) {
        String name = upstream.name();
        meters.attempts(name, InterceptionMeters.SUCCESS);
        meters.attempts(name, InterceptionMeters.CANCELED);
        for (Category category : Category.builtIn()) {
            if (!ExpectedPhases.of(category).equals(Set.of(Phase.GATEWAY))) {
                meters.attempts(name, category.name());
            }
            if (category.reaction().retry() != Reaction.Retry.NEVER) {
                meters.retries(name, category.name());
            }
            if (category.reaction().rotateKey() && upstream.credentials() instanceof CredentialsPolicy.Keys) {
                meters.keyRotations(name, category.name());
            }
        }
        meters.refusedRetries(name);
        UnclassifiedStatus.expected().forEach(status -> meters.unclassified(name, status));
        if (upstream.credentials() instanceof CredentialsPolicy.Keys) {
            keys.expect(name);
        }
        circuit(name, UpstreamPolicy.WHOLE_UPSTREAM);
        circuit(name, UpstreamPolicy.OTHER_MODELS);
        upstream.models().forEach(model -> circuit(name, model));
    }

    private void circuit(String upstream, String scope) {
        circuits.expect(upstream, scope);
        for (CircuitState state : CircuitState.values()) {
            meters.circuitTransitions(upstream, scope, state.label());
        }
    }

    private void genAi(Dialect dialect) {
        for (Operation operation : operations(dialect)) {
            if (!GenAi.isModelOperation(operation)) {
                continue;
            }
            meters.genAiDurations(operation, dialect, null);
            for (ErrorType error : ErrorType.values()) {
                meters.genAiDurations(operation, dialect, error);
            }
            for (GenAi.TokenType type : GenAi.TokenType.values()) {
                meters.genAiTokens(operation, dialect, type);
            }
        }
    }

    private static Set<Operation> operations(Dialect dialect) {
        return switch (dialect) {
            case OPENAI ->
                EnumSet.of(
                        Operation.CHAT_COMPLETIONS,
                        Operation.RESPONSES,
                        Operation.COMPLETIONS,
                        Operation.EMBEDDINGS,
                        Operation.MODELS,
                        Operation.OTHER);
            case ANTHROPIC -> EnumSet.of(Operation.MESSAGES, Operation.COUNT_TOKENS, Operation.MODELS, Operation.OTHER);
            case GEMINI ->
                EnumSet.of(
                        Operation.GENERATE_CONTENT,
                        Operation.EMBED_CONTENT,
                        Operation.COUNT_TOKENS,
                        Operation.MODELS,
                        Operation.OTHER);
            case BEDROCK, OLLAMA -> EnumSet.of(Operation.OTHER);
        };
    }
}

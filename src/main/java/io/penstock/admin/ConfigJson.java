package io.penstock.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.policy.Policy;
import io.penstock.policy.PolicySource;
import io.penstock.policy.Problem;
import io.penstock.policy.RecordsPolicy;
import io.penstock.policy.RoutePolicy;
import io.penstock.policy.UpstreamPolicy;
import io.penstock.policy.UpstreamPolicy.CredentialsPolicy;
import io.penstock.policy.UpstreamPolicy.SecretRef;
import io.penstock.record.InterceptionJson;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The policy in force as JSON, in the words of the policy file, defaults filled in. Secrets appear as the references that
 * the policy holds; there is nothing else it could show.
 */
final class ConfigJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ConfigJson() {}

    static ObjectNode of(PolicySource.Status status, Policy policy) {
        ObjectNode json = JSON.objectNode();
        json.put("file", status.file());
        json.put("version", status.version());
        json.put("loaded_at", InterceptionJson.time(status.loadedAt()));
        json.put("up_to_date", status.upToDate());
        json.set("problems", problems(status.problems()));
        ObjectNode inForce = json.putObject("policy");
        ArrayNode routes = inForce.putArray("routes");
        policy.routes().forEach(route -> routes.add(route(route)));
        ArrayNode upstreams = inForce.putArray("upstreams");
        policy.upstreams().forEach(upstream -> upstreams.add(upstream(upstream)));
        inForce.set("records", records(policy.records()));
        return json;
    }

    private static ArrayNode problems(List<Problem> problems) {
        ArrayNode array = JSON.arrayNode();
        for (Problem problem : problems) {
            array.addObject()
                    .put("severity", lower(problem.severity()))
                    .put("path", problem.path())
                    .put("line", problem.line())
                    .put("message", problem.message());
        }
        return array;
    }

    private static ObjectNode route(RoutePolicy route) {
        ObjectNode json = JSON.objectNode();
        json.put("name", route.name());
        json.put("dialect", route.dialect().label());
        json.put("deadline", text(route.deadline()));
        ArrayNode targets = json.putArray("upstreams");
        route.targets().forEach(target -> targets.add(target(target)));
        ArrayNode paths = json.putArray("allowPaths");
        route.allowPaths().forEach(paths::add);
        json.put("maxRequestBytes", route.maxRequestBytes());
        json.put("maxInFlight", route.maxInFlight());
        json.put("maxRetryAfter", text(route.maxRetryAfter()));
        RoutePolicy.Hold hold = route.hold();
        json.putObject("hold")
                .put("frames", hold.frames())
                .put("bytes", hold.bytes())
                .put("time", hold.time() == null ? null : text(hold.time()));
        ArrayNode failoverOn = json.putArray("failoverOn");
        route.failoverOn().forEach(category -> failoverOn.add(category.name()));
        json.put("whenAllOpen", lower(route.whenAllOpen()));
        ArrayNode hosts = json.putArray("hosts");
        route.hosts().forEach(hosts::add);
        return json;
    }

    private static ObjectNode target(RoutePolicy.Target target) {
        ObjectNode json = JSON.objectNode();
        json.put("name", target.upstream());
        json.put("priority", target.priority());
        json.put("weight", target.weight());
        ArrayNode models = json.putArray("models");
        target.models()
                .forEach(model -> models.addObject().put("from", model.from()).put("to", model.to()));
        json.put("contextWindow", target.contextWindow() == 0 ? null : target.contextWindow());
        return json;
    }

    private static ObjectNode upstream(UpstreamPolicy upstream) {
        ObjectNode json = JSON.objectNode();
        json.put("name", upstream.name());
        json.put("url", UpstreamJson.address(upstream.url()));
        json.put("dialect", upstream.dialect().label());
        putCredentials(json, upstream.credentials());
        json.put("credentialGroup", upstream.credentialGroup());
        json.putObject("keyRest")
                .put("rateLimited", text(upstream.keyRest().rateLimited()))
                .put("rejected", text(upstream.keyRest().rejected()))
                .put("exhausted", text(upstream.keyRest().exhausted()));
        ArrayNode models = json.putArray("models");
        upstream.models().forEach(models::add);
        json.putObject("timeouts")
                .put("connect", text(upstream.timeouts().connect()))
                .put("firstContent", text(upstream.timeouts().firstContent()))
                .put("idle", text(upstream.timeouts().idle()));
        UpstreamPolicy.Retry retry = upstream.retry();
        json.putObject("retry")
                .put("attempts", retry.attempts())
                .put("baseDelay", text(retry.baseDelay()))
                .put("maxDelay", text(retry.maxDelay()))
                .putObject("budget")
                .put("ratio", retry.budget().ratio())
                .put("minPerSecond", retry.budget().minPerSecond());
        UpstreamPolicy.Circuit circuit = upstream.circuit();
        ObjectNode probe = JSON.objectNode();
        if (circuit.probe() != null) {
            probe.put("path", circuit.probe().path())
                    .put("interval", text(circuit.probe().interval()));
        }
        json.putObject("circuit")
                .put("window", circuit.window())
                .put("failureRatio", circuit.failureRatio())
                .put("openFor", text(circuit.openFor()))
                .put("probes", circuit.probes())
                .set("probe", circuit.probe() == null ? JSON.nullNode() : probe);
        json.putObject("limits")
                .put("connections", upstream.limits().connections())
                .put("pending", upstream.limits().pending());
        json.putObject("tls")
                .put(
                        "ca",
                        upstream.tls().ca() == null ? null : upstream.tls().ca().toString());
        json.put("http", http(upstream.httpVersion()));
        return json;
    }

    private static void putCredentials(ObjectNode json, CredentialsPolicy credentials) {
        if (credentials instanceof CredentialsPolicy.Keys keys) {
            ArrayNode refs = json.putArray("credentials");
            keys.refs().forEach(ref -> refs.add(reference(ref)));
        } else {
            json.put("credentials", credentials instanceof CredentialsPolicy.Passthrough ? "passthrough" : "none");
        }
    }

    static ObjectNode reference(SecretRef ref) {
        return ref instanceof SecretRef.Env env
                ? JSON.objectNode().put("env", env.name())
                : JSON.objectNode().put("file", ((SecretRef.File) ref).path().toString());
    }

    private static ObjectNode records(RecordsPolicy records) {
        return JSON.objectNode().put("store", lower(records.store())).put("capacity", records.capacity());
    }

    private static String http(UpstreamPolicy.HttpVersion version) {
        return switch (version) {
            case AUTO -> "auto";
            case HTTP_1_1 -> "http1";
            case HTTP_2 -> "http2";
        };
    }

    /** A duration in the largest unit of the policy file that holds it whole. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1_000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1_000;
        if (seconds % 60 != 0) {
            return seconds + "s";
        }
        return seconds % 3_600 == 0 ? seconds / 3_600 + "h" : seconds / 60 + "m";
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}

package io.penstock.record;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.classify.Category;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An interception as JSON: the only place that knows the names of its fields. Every field is always there, null where
 * there is nothing to say. Times are RFC 3339 in UTC with milliseconds; {@code …_ms} are milliseconds with up to three
 * decimals, because Penstock's own share is often less than one.
 */
@Singleton
public final class InterceptionJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final DateTimeFormatter RFC_3339 =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private final PodIdentity pod;

    @Inject
    InterceptionJson() {
        this(PodIdentity.of(System.getenv()));
    }

    InterceptionJson(PodIdentity pod) {
        this.pod = pod;
    }

    public ObjectNode of(Interception i) {
        ObjectNode json = JSON.objectNode();
        json.put("id", i.id().toString());
        json.put("thread_id", i.threadId());
        json.put("session_id", i.sessionId());
        json.put("started_at", time(i.startedAt()));
        json.put("ended_at", time(i.endedAt()));
        putMillis(json, "duration_ms", i.duration());
        putMillis(json, "time_to_first_content_ms", i.timeToFirstContent());
        putMillis(json, "overhead_ms", i.overhead());
        json.put("route", i.route());
        json.put("dialect", i.dialect() == null ? null : i.dialect().label());
        json.put("operation", i.operation().label());
        json.put("model_requested", i.modelRequested());
        json.put("model_served", i.modelServed());
        json.put("streaming", i.streaming());
        json.put("client", i.client());
        json.put("outcome", i.outcome().label());
        json.put("http_status", i.httpStatus());
        json.put("committed", i.committed());
        json.setAll(error(i.error()));
        json.put("upstream", i.upstream());
        json.set("attempts", attempts(i.attempts()));
        json.set("skipped", skipped(i.skipped()));
        json.put("input_tokens", i.usage().input());
        json.put("output_tokens", i.usage().output());
        json.put("cached_tokens", i.usage().cached());
        json.put("reasoning_tokens", i.usage().reasoning());
        json.put("request_bytes", i.requestBytes());
        json.put("response_bytes", i.responseBytes());
        json.put("frames", i.frames());
        json.put("finish_reason", i.finishReason());
        json.put("policy_version", i.policyVersion());
        json.put("rules_version", i.rulesVersion());
        json.set("pod", pod.known() ? pod() : JSON.nullNode());
        return json;
    }

    /** The fields of an interception that tell its error, all null where there is none. */
    public ObjectNode error(Interception.@Nullable TerminalError error) {
        Category category = error == null ? null : error.category();
        ObjectNode json = JSON.objectNode();
        json.put("error_type", category == null ? null : category.type().label());
        json.put("error_category", category == null ? null : category.name());
        json.put("fault", category == null ? null : category.fault().label());
        json.put("phase", error == null ? null : error.phase().label());
        json.put("error_message", error == null ? null : error.message());
        json.put("provider_code", error == null ? null : error.providerCode());
        json.put("rule", error == null ? null : error.rule());
        return json;
    }

    private static ArrayNode attempts(List<AttemptRecord> attempts) {
        ArrayNode array = JSON.arrayNode();
        for (AttemptRecord attempt : attempts) {
            ObjectNode json = array.addObject();
            json.put("upstream", attempt.upstream());
            json.put("key_hint", attempt.keyHint());
            json.put("status", attempt.status());
            json.put("category", attempt.category());
            json.put("error_type", attempt.errorType());
            json.put("evidence", attempt.evidence());
            json.put("rule", attempt.rule());
            ArrayNode shadow = json.putArray("shadow_rules");
            attempt.shadowRules().forEach(shadow::add);
            json.put("reason", attempt.reason());
            putMillis(json, "wait_ms", attempt.waited());
            putMillis(json, "duration_ms", attempt.duration());
        }
        return array;
    }

    private static ArrayNode skipped(List<SkippedUpstream> skipped) {
        ArrayNode array = JSON.arrayNode();
        skipped.forEach(upstream -> array.addObject()
                .put("upstream", upstream.upstream())
                .put("why", upstream.why().label())
                .put("cause", upstream.cause()));
        return array;
    }

    private ObjectNode pod() {
        return JSON.objectNode().put("name", pod.name()).put("namespace", pod.namespace());
    }

    /** A point in time as all of Penstock's JSON writes it. */
    public static String time(Instant instant) {
        return RFC_3339.format(instant);
    }

    /** Puts a duration in milliseconds, null where there is none. */
    public static void putMillis(ObjectNode json, String field, @Nullable Duration duration) {
        if (duration == null) {
            json.putNull(field);
            return;
        }
        long micros = Math.round(duration.toNanos() / 1e3);
        if (micros % 1000 == 0) {
            json.put(field, micros / 1000);
        } else {
            json.put(field, micros / 1e3);
        }
    }
}

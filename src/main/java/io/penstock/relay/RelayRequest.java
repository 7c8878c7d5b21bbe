package io.penstock.relay;

import io.penstock.classify.Classification;
import io.penstock.classify.Failure;
import io.penstock.classify.Signal;
import io.penstock.classify.Subject;
import io.penstock.dialect.RequestHead;
import io.penstock.policy.RoutePolicy;
import io.penstock.upstream.Upstream;
import io.penstock.upstream.UpstreamSet;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * A request of the application, ready to be relayed.
 *
 * @param upstreams the snapshot that the interception works with
 * @param path what an upstream is asked for: the path below its base, query included
 * @param headers the end-to-end headers
 * @param body the whole body, kept until the commit
 */
public record RelayRequest(
        UpstreamSet upstreams,
        RoutePolicy route,
        RequestHead head,
        HttpMethod method,
        String path,
        MultiMap headers,
        ReplayBody body) {

    /**
     * Whether the application's SDK asks again what it asked before: those made by Stainless, among them OpenAI's and
     * Anthropic's, number their retries from 1 in this header.
     */
    boolean isRetry() {
        String number = headers.get("x-stainless-retry-count");
        return number != null && !number.isBlank() && !number.strip().equals("0");
    }

    /**
     * In the light of what a failure of this request is judged.
     *
     * @param upstream who failed, or null where none was asked
     */
    Subject subject(@Nullable Upstream upstream, boolean committed) {
        return new Subject(route.dialect(), upstream == null ? null : upstream.name(), head.model(), committed);
    }

    /** What a failure before the commit is that is known by identity. */
    Classification signalled(Signal signal, @Nullable String detail, @Nullable Upstream upstream) {
        return upstreams.classifier().classify(new Failure.Signalled(signal, detail), subject(upstream, false));
    }
}

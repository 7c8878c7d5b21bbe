package io.penstock.relay;

import io.penstock.classify.Classification;
import io.penstock.policy.RoutePolicy;
import io.penstock.relay.BestEvidence.Failed;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;

/** What the application gets when no attempt is left: the provider's own answer as it came, or else one in its envelope. */
final class FinalAnswer {
    private FinalAnswer() {}

    static void send(ClientSide client, InterceptionDraft draft, RoutePolicy route, Failed ending) {
        Classification error = ending.classification();
        boolean verbatim = ending.held() != null && ending.held().whole() && !ending.masked();
        HeldAnswer held = verbatim ? ending.held() : null;
        OwnAnswer own =
                ending.masked() ? OwnAnswer.masked(route.dialect(), error) : OwnAnswer.of(route.dialect(), error);
        int status = held != null ? held.status() : own.status();
        MultiMap headers = held != null ? HttpHeaders.headers().addAll(held.headers()) : own.headers();
        Buffer body = held != null ? held.body() : own.body();
        AnswerHeaders.identify(headers, draft.id(), ending.upstream(), draft.attempts());
        AnswerHeaders.explain(headers, error, status, draft.attempts() > 1, route.maxRetryAfter());
        draft.upstream(ending.upstream());
        draft.answered(status);
        draft.responseBytes(body.length());
        client.head(status, headers);
        client.write(body);
        client.end(HttpHeaders.headers());
    }
}

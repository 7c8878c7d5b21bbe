package io.penstock.relay;

import io.penstock.classify.Classification;
import io.penstock.classify.RuleResponse;
import io.penstock.dialect.Dialect;
import io.penstock.policy.RoutePolicy;
import io.penstock.relay.BestEvidence.Failed;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the application gets when no attempt is left: what a rule answers, or else the provider's own answer as it came, or
 * else one in its envelope.
 */
final class FinalAnswer {
    private static final int BAD_REQUEST = 400;

    /** What a header field says of the body beside which it stands (RFC 9110 §8), and so of no other. */
    private static final List<CharSequence> OF_THE_BODY = List.of(
            HttpHeaders.CONTENT_ENCODING,
            HttpHeaders.CONTENT_LANGUAGE,
            HttpHeaders.CONTENT_LOCATION,
            "content-disposition",
            "content-digest",
            "content-md5",
            "repr-digest",
            "digest",
            HttpHeaders.ETAG,
            HttpHeaders.LAST_MODIFIED,
            HttpHeaders.TRANSFER_ENCODING,
            "trailer");

    private FinalAnswer() {}

    static void send(ClientSide client, InterceptionDraft draft, RoutePolicy route, Failed ending) {
        Classification error = ending.classification();
        HeldAnswer held = ending.masked() ? null : ending.held();
        OwnAnswer answer = held != null && passesOn(held, error.rules().response())
                ? verbatim(held, error.rules().response())
                : own(route.dialect(), error, held, ending.masked());
        AnswerHeaders.identify(answer.headers(), draft.id(), ending.upstream(), draft.attempts());
        AnswerHeaders.explain(answer.headers(), error, answer.status(), draft.attempts() > 1, route.maxRetryAfter());
        draft.upstream(ending.upstream());
        draft.answered(answer.status());
        draft.responseBytes(answer.body().length());
        client.head(answer.status(), answer.headers());
        client.write(answer.body());
        client.end(HttpHeaders.headers());
    }

    /**
     * Whether the provider's body goes to the application. One of a good status is no error's body, so that a rule which
     * gives it an error's status has it replaced.
     */
    private static boolean passesOn(HeldAnswer held, @Nullable RuleResponse response) {
        return held.whole() && (response == null || (!response.replacesBody() && held.status() >= BAD_REQUEST));
    }

    private static OwnAnswer verbatim(HeldAnswer held, @Nullable RuleResponse response) {
        int status = response == null || response.status() == null ? held.status() : response.status();
        return new OwnAnswer(status, HttpHeaders.headers().addAll(held.headers()), held.body());
    }

    /** @param held the provider's answer whose place it takes, or null where the application is to see nothing of it */
    private static OwnAnswer own(Dialect dialect, Classification error, @Nullable HeldAnswer held, boolean masked) {
        RuleResponse response = error.rules().response();
        if (response == null) {
            return masked ? OwnAnswer.masked(dialect, error) : OwnAnswer.of(dialect, error);
        }
        OwnAnswer answer = OwnAnswer.by(response, dialect, error, held == null ? 0 : held.status(), masked);
        if (held == null) {
            return answer;
        }
        // A request id, a limit or a wait is as true as before.
        MultiMap headers = HttpHeaders.headers().addAll(held.headers());
        OF_THE_BODY.forEach(headers::remove);
        answer.headers().forEach(header -> headers.set(header.getKey(), header.getValue()));
        return new OwnAnswer(answer.status(), headers, answer.body());
    }
}

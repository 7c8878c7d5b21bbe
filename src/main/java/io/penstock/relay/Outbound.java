package io.penstock.relay;

import io.penstock.dialect.RequestHead;
import io.penstock.upstream.ApiKey;
import io.penstock.upstream.KeyLoan;
import io.penstock.upstream.UpstreamRequest;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/** Makes what an upstream is sent out of what the application sent: the same, but for the model's name and the key. */
final class Outbound {
    private Outbound() {}

    /**
     * The request for the plan's current upstream.
     *
     * @param left what is left of the deadline, which bounds the time to connect
     */
    static UpstreamRequest of(RelayRequest request, AttemptPlan plan, Duration left) {
        RequestHead head = request.head();
        String path = request.path();
        Buffer body = request.body().bytes();
        String model = head.model();
        String wanted = plan.upstreamModel();
        if (model != null && wanted != null && !wanted.equals(model)) {
            body = ModelName.inBody(body, head.modelSpans(), wanted);
            path = ModelName.inPath(path, model, wanted);
        }
        KeyLoan loan = plan.key();
        ApiKey key = loan == null ? null : loan.key();
        Duration connect = plan.upstream().policy().timeouts().connect();
        return new UpstreamRequest(
                request.method(), path, request.headers(), body, key, connect.compareTo(left) < 0 ? connect : left);
    }
}

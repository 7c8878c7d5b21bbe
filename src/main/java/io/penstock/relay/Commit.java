package io.penstock.relay;

import io.penstock.upstream.UpstreamAnswer;
import io.vertx.core.MultiMap;

/**
 * The commit point: the moment the first byte goes to the application. Before it everything can be undone, after it
 * nothing. Only {@link #make} creates one, by sending the head; only a commit can be pumped; and an interception that
 * holds one never makes another attempt.
 */
final class Commit {
    private final ClientSide client;
    private final UpstreamAnswer answer;

    private Commit(ClientSide client, UpstreamAnswer answer) {
        this.client = client;
        this.answer = answer;
    }

    static Commit make(ClientSide client, UpstreamAnswer answer, MultiMap headers) {
        client.head(answer.status(), headers);
        return new Commit(client, answer);
    }

    ClientSide client() {
        return client;
    }

    UpstreamAnswer answer() {
        return answer;
    }
}

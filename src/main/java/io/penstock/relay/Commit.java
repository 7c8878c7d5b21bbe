package io.penstock.relay;

import io.vertx.core.MultiMap;

/**
 * The leave to send an answer's body to the application. Making one sends the head, which cannot be undone: an
 * interception that holds one never makes another attempt.
 */
final class Commit {
    private final ClientSide client;
    private final ObservedAnswer observed;
    private final int status;

    private Commit(ClientSide client, ObservedAnswer observed, int status) {
        this.client = client;
        this.observed = observed;
        this.status = status;
    }

    static Commit make(ClientSide client, ObservedAnswer observed, int status, MultiMap headers) {
        client.head(status, headers);
        return new Commit(client, observed, status);
    }

    ClientSide client() {
        return client;
    }

    ObservedAnswer observed() {
        return observed;
    }

    int status() {
        return status;
    }
}

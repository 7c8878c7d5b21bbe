package io.penstock.relay;

import io.netty.channel.ConnectTimeoutException;
import io.penstock.classify.Category;
import io.penstock.classify.Failover;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A failure of an upstream: which category it must be given, and what then follows from that category's declaration.
 *
 * @param event what the upstream does, every time that it is asked
 * @param does the same, to play
 * @param lasts how long an attempt takes that ends so
 */
record FailureRow(Category category, String event, Asked asked, Script does, Duration lasts, At at) {

    /** When it happens, which decides whether anything can still be done about it. */
    enum At {
        /** With an error's status, or without any answer. */
        INSTEAD_OF_AN_ANSWER,
        /** Inside a 200, before any content. */
        BEFORE_CONTENT,
        AFTER_CONTENT,
        /** Whenever it does, there is no time left to do anything about it. */
        TOO_LATE
    }

    static Stream<FailureRow> all() {
        return Asked.inEveryWay().flatMap(FailureRow::of);
    }

    /** Every failure that an application which asks in this way can meet. */
    static Stream<FailureRow> of(Asked asked) {
        Stream<FailureRow> told = ProviderSays.in(asked.tongue().dialect).stream()
                .flatMap(line -> Stream.of(
                        row(
                                line.category(),
                                "sends a " + line.status(),
                                asked,
                                asked.refuses(line),
                                At.INSTEAD_OF_AN_ANSWER),
                        row(line.category(), "tells it inside a 200", asked, asked.fails(line), At.BEFORE_CONTENT)));
        return Stream.concat(told, found(asked));
    }

    private static Stream<FailureRow> found(Asked asked) {
        Script reset = ScriptedCall::cut;
        Script refused = Script.failure(new ConnectTimeoutException("connection timed out"));
        Script page = call -> call.head(200, "content-type", "text/html")
                .chunk("<html>Sign in</html>")
                .end();
        Script begins = asked.says(asked.begun());
        return Stream.of(
                row(Category.NETWORK_ERROR, "resets the connection", asked, reset, At.INSTEAD_OF_AN_ANSWER),
                row(Category.CONNECT_TIMEOUT, "does not accept", asked, refused, At.INSTEAD_OF_AN_ANSWER),
                row(Category.PROTOCOL_ERROR, "sends a page in a 200", asked, page, At.BEFORE_CONTENT),
                row(
                        Category.UNKNOWN,
                        "sends a 418 without a body",
                        asked,
                        call -> call.head(418).end(),
                        At.BEFORE_CONTENT),
                new FailureRow(
                        Category.FIRST_CONTENT_TIMEOUT,
                        "hangs",
                        asked,
                        Script.HANG,
                        Duration.ofSeconds(60),
                        At.BEFORE_CONTENT),
                row(
                        Category.STREAM_TRUNCATED,
                        "resets the connection after content",
                        asked,
                        begins.then(ScriptedCall::cut),
                        At.AFTER_CONTENT),
                new FailureRow(
                        Category.IDLE_TIMEOUT,
                        "falls silent after content",
                        asked,
                        begins,
                        Duration.ofSeconds(30),
                        At.AFTER_CONTENT),
                new FailureRow(
                        Category.DEADLINE_EXCEEDED,
                        "hangs past the deadline",
                        asked,
                        Script.HANG,
                        Duration.ofSeconds(20),
                        At.TOO_LATE));
    }

    private static FailureRow row(Category category, String event, Asked asked, Script does, At at) {
        return new FailureRow(category, event, asked, does, Duration.ZERO, at);
    }

    /** Whether what is declared of the category lets another upstream be asked at all. */
    boolean leavesTheUpstream(boolean opened) {
        Failover failover = category.reaction().failover();
        return switch (failover) {
            case ALWAYS -> true;
            case NEVER -> false;
            case OPT_IN, LARGER_ONLY -> opened;
            case UNLESS_ANSWERED_4XX -> at == At.BEFORE_CONTENT;
        };
    }

    /** How often an upstream with this many keys is asked, and why each time. */
    List<AttemptReason> attempts(int keys) {
        List<AttemptReason> reasons = new ArrayList<>(List.of(AttemptReason.FIRST));
        if (keys > 1 && category.reaction().rotateKey()) {
            reasons.add(AttemptReason.ROTATE_KEY);
            // Every key rests now; whoever can answer at once is better than a wait.
            return reasons;
        }
        int retries =
                switch (category.reaction().retry()) {
                    case NEVER -> 0;
                    case ONCE_AT_ONCE, ONCE_JITTERED -> 1;
                    case AFTER_HINT -> 2;
                };
        for (int i = 0; i < retries; i++) {
            reasons.add(AttemptReason.RETRY);
        }
        return reasons;
    }

    /** How long is waited before a retry: half of 200 ms, doubled each time, where a wait is declared. */
    Duration wait(int retry) {
        return switch (category.reaction().retry()) {
            case NEVER, ONCE_AT_ONCE -> Duration.ZERO;
            case ONCE_JITTERED, AFTER_HINT -> Duration.ofMillis(100L << retry);
        };
    }

    @Override
    public String toString() {
        return category + ": the upstream " + event + " (" + asked + ")";
    }
}

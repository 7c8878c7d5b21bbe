package io.penstock.simulator;

import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How one kind of provider talks when it is well and when it is not: bodies, frames and headers as the real one sends
 * them. Stateless. As a {@link Provider} it answers well.
 */
public abstract sealed class Voice implements Provider permits OpenAiVoice, AnthropicVoice, GeminiVoice {
    static final List<String> DEFAULT_PIECES = List.of("The gate ", "is open", ".");

    /** What fails and how a provider calls it. */
    enum Trouble {
        BAD_REQUEST,
        BAD_KEY,
        RATE_LIMITED,
        OUT_OF_MONEY,
        SERVER_ERROR,
        OVERLOADED
    }

    /**
     * A streamed answer.
     *
     * @param opening frames before the first content
     * @param content one frame per piece of text
     * @param closing frames after the last content, the terminal marker included
     */
    record Frames(List<String> opening, List<String> content, List<String> closing) {
        List<String> all() {
            return join(join(opening, content), closing);
        }

        List<String> untilContentEnds() {
            return join(opening, content);
        }

        private static List<String> join(List<String> some, List<String> more) {
            List<String> all = new ArrayList<>(some);
            all.addAll(more);
            return all;
        }
    }

    /** OpenAI's chat completions. */
    public static Voice openAiChat() {
        return new OpenAiChatVoice();
    }

    /** OpenAI's responses. */
    public static Voice openAiResponses() {
        return new OpenAiResponsesVoice();
    }

    /** Anthropic's messages. */
    public static Voice anthropic() {
        return new AnthropicVoice();
    }

    /** Gemini's generateContent and streamGenerateContent. */
    public static Voice gemini() {
        return new GeminiVoice();
    }

    /** The voice that answers at this path, whatever the base path before it. */
    public static Optional<Voice> at(String path) {
        if (path.endsWith("/chat/completions")) {
            return Optional.of(openAiChat());
        }
        if (path.endsWith("/responses")) {
            return Optional.of(openAiResponses());
        }
        if (path.endsWith("/messages")) {
            return Optional.of(anthropic());
        }
        if (path.endsWith(":generateContent") || path.endsWith(":streamGenerateContent")) {
            return Optional.of(gemini());
        }
        return Optional.empty();
    }

    abstract boolean streamWanted(Exchange exchange);

    /** Headers that this provider puts on every answer. */
    abstract Headers headers(Exchange exchange);

    abstract String streamContentType(Exchange exchange);

    abstract String whole(Exchange exchange, String text);

    abstract Frames frames(Exchange exchange, List<String> pieces);

    abstract String keepAlive();

    /** Status, extra headers and body of a refusal. */
    abstract Refusal refusal(Trouble trouble, Exchange exchange, Duration retryAfter);

    /** The frame by which a stream that has begun reports an overload. */
    abstract String overloadFrame(Exchange exchange);

    record Refusal(int status, Headers headers, String body) {}

    @Override
    public final Script answer(Exchange exchange) {
        return says(DEFAULT_PIECES.toArray(String[]::new)).answer(exchange);
    }

    /** The text, whole or as a stream of these pieces, as the request asks. */
    public final Provider says(String... pieces) {
        return saysSlowly(Duration.ZERO, pieces);
    }

    /** As {@link #says}, with a pause between the frames of a stream. */
    public final Provider saysSlowly(Duration between, String... pieces) {
        return exchange -> streamWanted(exchange)
                ? opened(exchange)
                        .frames(frames(exchange, List.of(pieces)).all(), between)
                        .end()
                : Script.answer(200, jsonHeaders(exchange), whole(exchange, String.join("", pieces)));
    }

    /** A stream that goes through the network in pieces of {@code size} bytes, cut anywhere. */
    public final Provider trickles(int size, Duration between, String... pieces) {
        return exchange -> opened(exchange)
                .trickle(utf8(String.join("", frames(exchange, List.of(pieces)).all())), size, between)
                .end();
    }

    /** 400: a parameter out of its range. */
    public final Provider badRequest() {
        return refuses(Trouble.BAD_REQUEST, Duration.ZERO);
    }

    /** The key is not known. */
    public final Provider badKey() {
        return refuses(Trouble.BAD_KEY, Duration.ZERO);
    }

    /** 429 with {@code retry-after}, in whole seconds. */
    public final Provider rateLimited(Duration retryAfter) {
        return refuses(Trouble.RATE_LIMITED, retryAfter);
    }

    /** The account is empty. */
    public final Provider outOfMoney() {
        return refuses(Trouble.OUT_OF_MONEY, Duration.ZERO);
    }

    /** 500: something broke over there. */
    public final Provider serverError() {
        return refuses(Trouble.SERVER_ERROR, Duration.ZERO);
    }

    /** 503, or Anthropic's 529: no capacity. */
    public final Provider overloaded() {
        return refuses(Trouble.OVERLOADED, Duration.ZERO);
    }

    /** A 200 stream whose lifecycle frames are followed by an overload error, before any text. */
    public final Provider overloadedBeforeContent() {
        return exchange -> opened(exchange)
                .frames(frames(exchange, List.of()).opening(), Duration.ZERO)
                .bytes(overloadFrame(exchange))
                .end();
    }

    /** A 200 stream that turns into an overload error after some text. */
    public final Provider overloadedAfterContent(String... pieces) {
        return exchange -> opened(exchange)
                .frames(frames(exchange, List.of(pieces)).untilContentEnds(), Duration.ZERO)
                .bytes(overloadFrame(exchange))
                .end();
    }

    /** A stream whose connection breaks after some text. */
    public final Provider cutMidStream(String... pieces) {
        return exchange -> opened(exchange)
                .frames(frames(exchange, List.of(pieces)).untilContentEnds(), Duration.ZERO)
                .cut();
    }

    /** A stream that ends properly on the wire after some text, without the dialect's terminal marker. */
    public final Provider endsWithoutMarker(String... pieces) {
        return exchange -> opened(exchange)
                .frames(frames(exchange, List.of(pieces)).untilContentEnds(), Duration.ZERO)
                .end();
    }

    /** A stream of keep-alives: alive on the wire, dead for the user. */
    public final Provider pingsOnly(Duration every) {
        return exchange -> opened(exchange).repeatForEver(keepAlive(), every);
    }

    /** The head of a stream, to be continued. */
    public final Script.Draft opened(Exchange exchange) {
        return Script.begin()
                .head(
                        200,
                        Headers.of("content-type", streamContentType(exchange), "cache-control", "no-cache")
                                .and(headers(exchange)));
    }

    private Provider refuses(Trouble trouble, Duration retryAfter) {
        return exchange -> {
            Refusal refusal = refusal(trouble, exchange, retryAfter);
            return Script.answer(refusal.status(), jsonHeaders(exchange).and(refusal.headers()), refusal.body());
        };
    }

    final Headers jsonHeaders(Exchange exchange) {
        return Headers.of("content-type", "application/json").and(headers(exchange));
    }

    static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }

    /** Seconds, rounded up: {@code retry-after} knows no fractions (RFC 9110 §10.2.3). */
    static String seconds(Duration duration) {
        return String.valueOf((duration.toMillis() + 999) / 1000);
    }

    static String event(String name, String data) {
        return "event: " + name + "\n" + data(data);
    }

    static String data(String data) {
        return "data: " + data + "\n\n";
    }

    static String model(Exchange exchange, String otherwise) {
        return exchange.model().orElse(otherwise);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

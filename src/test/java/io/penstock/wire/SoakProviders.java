package io.penstock.wire;

import io.penstock.simulator.Exchange;
import io.penstock.simulator.Headers;
import io.penstock.simulator.Provider;
import io.penstock.simulator.Script;
import io.penstock.simulator.Voice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A provider that does three of ten exchanges wrong, each time in another of all the ways there are. Thread-safe. */
final class SoakProviders implements Provider {
    private static final double FAULTY = 0.3;
    private static final String CODE = "{\"error\":{\"message\":\"no\",\"type\":\"%s\",\"code\":\"%s\"}}";

    private final Map<String, AtomicInteger> injected = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final Random random;
    private volatile boolean well;

    private static final Map<String, Function<Voice, Provider>> FAULTS = Map.ofEntries(
            Map.entry("reset before the head", voice -> Script.begin().reset()),
            Map.entry("cut before the head", voice -> Script.begin().cut()),
            Map.entry("hang", voice -> Script.begin().hang()),
            Map.entry(
                    "late head",
                    voice -> exchange ->
                            voice.opened(exchange).delay(Duration.ofMillis(400)).cut()),
            Map.entry(
                    "head, then hang",
                    voice -> exchange -> voice.opened(exchange).hang()),
            Map.entry("cut mid-stream", voice -> voice.cutMidStream("The gate ", "is ")),
            Map.entry(
                    "reset mid-stream",
                    voice -> exchange ->
                            voice.opened(exchange).bytes("data: {\"ch").reset()),
            Map.entry("no marker", voice -> voice.endsWithoutMarker("The gate ", "is ")),
            Map.entry("silent mid-stream", SoakProviders::silent),
            Map.entry("pings only", voice -> voice.pingsOnly(Duration.ofMillis(100))),
            Map.entry("web page", voice -> Script.html(200)),
            Map.entry("web page 502", voice -> Script.html(502)),
            Map.entry("empty", voice -> Script.empty()),
            Map.entry("overloaded before content", Voice::overloadedBeforeContent),
            Map.entry("overloaded after content", voice -> voice.overloadedAfterContent("The gate ", "is ")),
            Map.entry("error in a 200", voice -> Script.json(200, CODE.formatted("server_error", "server_error"))),
            Map.entry("overloaded", Voice::overloaded),
            Map.entry("500", Voice::serverError),
            Map.entry("504", voice -> Script.answer(504, Headers.of("content-type", "text/plain"), "")),
            Map.entry(
                    "429",
                    voice -> Script.answer(
                            429,
                            Headers.of("content-type", "application/json", "retry-after-ms", "150"),
                            CODE.formatted("requests", "rate_limit_exceeded"))),
            Map.entry("429, long", voice -> voice.rateLimited(Duration.ofSeconds(1))),
            Map.entry("out of money", Voice::outOfMoney),
            Map.entry("402", voice -> Script.json(402, CODE.formatted("billing", "billing_hard_limit_reached"))),
            Map.entry("401", Voice::badKey),
            Map.entry("400", Voice::badRequest),
            Map.entry("error cut", voice -> Script.begin()
                    .head(500, Headers.of("content-type", "application/json", "content-length", "500"))
                    .bytes("{\"error\":")
                    .cut()),
            Map.entry("length not kept", voice -> Script.begin()
                    .head(200, Headers.of("content-type", "application/json", "content-length", "5000"))
                    .bytes("{\"choices\":[")
                    .cut()),
            Map.entry(
                    "gzip that is none",
                    voice -> Script.answer(
                            200,
                            Headers.of("content-type", "application/json", "content-encoding", "gzip"),
                            "no gzip")),
            Map.entry("trickle", voice -> voice.trickles(7, Duration.ofMillis(2), "The gate ", "is open")));

    private static final List<String> KINDS = List.copyOf(FAULTS.keySet());

    SoakProviders(long seed) {
        this.random = new Random(seed);
    }

    static int kinds() {
        return FAULTS.size();
    }

    /** Does everything right from now on. */
    void recover() {
        well = true;
    }

    /** The kinds of faults that were played. */
    Map<String, AtomicInteger> injected() {
        return injected;
    }

    @Override
    public Script answer(Exchange exchange) {
        Voice voice = Voice.at(exchange.path()).orElseGet(Voice::openAiChat);
        if (well || random.nextDouble() >= FAULTY) {
            return voice.saysSlowly(Duration.ofMillis(random.nextInt(6)), "The gate ", "is ", "open.")
                    .answer(exchange);
        }
        // In turn, so that each kind is played, however few exchanges there are.
        String kind = KINDS.get(Math.floorMod(turn.getAndIncrement(), KINDS.size()));
        injected.computeIfAbsent(kind, first -> new AtomicInteger()).incrementAndGet();
        return Objects.requireNonNull(FAULTS.get(kind)).apply(voice).answer(exchange);
    }

    private static Provider silent(Voice voice) {
        // The end of a stream that is never said; the gate has let go of its content.
        return exchange -> voice.opened(exchange)
                .bytes("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"The \"}}]}\n\n")
                .hang();
    }
}

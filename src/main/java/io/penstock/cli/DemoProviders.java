package io.penstock.cli;

import io.penstock.simulator.Exchange;
import io.penstock.simulator.Provider;
import io.penstock.simulator.Script;
import io.penstock.simulator.Simulator;
import io.penstock.simulator.Voice;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The demo's two simulated providers. How the primary one behaves is chosen by the model's name, so that the user can
 * play on with any client; the backup is always well. Neither knows the key {@link #UNKNOWN_KEY}, and what becomes of
 * the {@link #LENT_KEYS} their names say.
 */
final class DemoProviders implements AutoCloseable {
    static final String KNOWN_KEY = "sk-demo";
    static final String UNKNOWN_KEY = "sk-unknown";

    private static final String DEAD = "sk-lent-dead";
    private static final String EMPTY = "sk-lent-empty";

    /** The keys that the demo's gateway has of its own. */
    static final List<String> LENT_KEYS = List.of(DEAD + "-1", DEAD + "-2", EMPTY + "-1", EMPTY + "-2", "sk-lent-good");

    private static final String CONTEXT_TOO_LONG = """
            {"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in \
            9731 tokens. Please reduce the length of the messages.","type":"invalid_request_error","param":"messages",\
            "code":"context_length_exceeded"}}""";
    private static final String FILTERED = """
            {"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management \
            policy. Please modify your prompt and retry.","type":null,"param":"prompt","code":"content_filter",\
            "status":400}}""";

    private final Simulator primary;
    private final Simulator backup;

    private DemoProviders(Simulator primary, Simulator backup) {
        this.primary = primary;
        this.backup = backup;
    }

    static DemoProviders start(Vertx vertx) {
        Simulator primary = Simulator.start(vertx)
                .when(DemoProviders::keyUnknown, voiced(Voice::badKey))
                .when(exchange -> keyHas(exchange, EMPTY), voiced(Voice::outOfMoney));
        behaviours()
                .forEach((model, provider) -> primary.when(
                        exchange -> exchange.model().filter(model::equals).isPresent(), provider));
        return new DemoProviders(
                primary, Simulator.start(vertx).when(DemoProviders::keyUnknown, voiced(Voice::badKey)));
    }

    /** The models that misbehave. */
    static List<String> models() {
        return List.copyOf(behaviours().keySet());
    }

    String primaryUrl() {
        return primary.baseUrl();
    }

    String backupUrl() {
        return backup.baseUrl();
    }

    @Override
    public void close() {
        primary.close();
        backup.close();
    }

    private static Map<String, Provider> behaviours() {
        Provider well = voiced(voice -> voice);
        Map<String, Provider> byModel = new TreeMap<>();
        byModel.put("flaky", Provider.alternately(voiced(Voice::serverError), well));
        byModel.put("resetting", Provider.alternately(Script.begin().reset(), well));
        byModel.put(
                "rate-limited", Provider.alternately(voiced(voice -> voice.rateLimited(Duration.ofSeconds(1))), well));
        byModel.put("rate-limited-long", voiced(voice -> voice.rateLimited(Duration.ofMinutes(1))));
        byModel.put("overloaded", voiced(Voice::overloaded));
        byModel.put("overloaded-in-stream", voiced(Voice::overloadedBeforeContent));
        byModel.put("overloaded-mid-stream", voiced(voice -> voice.overloadedAfterContent("The gate ", "is ")));
        byModel.put("pinging", voiced(voice -> voice.pingsOnly(Duration.ofMillis(100))));
        byModel.put("web-page", Script.html(200));
        byModel.put("empty", Script.empty());
        byModel.put("out-of-money", voiced(Voice::outOfMoney));
        byModel.put("bad-request", voiced(Voice::badRequest));
        byModel.put("cut", voiced(voice -> voice.cutMidStream("The gate ", "is ")));
        byModel.put("hanging", Script.begin().hang());
        byModel.put("down-for-two", downForTwo(well));
        byModel.put("small-context", Script.json(400, CONTEXT_TOO_LONG));
        byModel.put("filtered", Script.json(400, FILTERED));
        return byModel;
    }

    /** A behaviour in the dialect of whoever asks. */
    private static Provider voiced(Function<Voice, Provider> behaviour) {
        return exchange -> behaviour
                .apply(Voice.at(exchange.path()).orElseGet(Voice::openAiChat))
                .answer(exchange);
    }

    private static boolean keyUnknown(Exchange exchange) {
        return keyHas(exchange, UNKNOWN_KEY) || keyHas(exchange, DEAD);
    }

    private static boolean keyHas(Exchange exchange, String part) {
        return exchange.headers().fields().stream().anyMatch(f -> f.value().contains(part));
    }

    /** Bad twice and well afterwards, again and again. */
    private static Provider downForTwo(Provider well) {
        AtomicLong turns = new AtomicLong();
        Provider bad = voiced(Voice::serverError);
        return exchange -> (turns.getAndIncrement() % 3 < 2 ? bad : well).answer(exchange);
    }
}

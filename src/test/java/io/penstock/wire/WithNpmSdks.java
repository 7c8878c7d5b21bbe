package io.penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.penstock.simulator.Provider;
import io.penstock.simulator.Simulator;
import io.penstock.simulator.Voice;
import io.penstock.wire.NpmSdks.Got;
import io.penstock.wire.NpmSdks.Thrown;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;

/**
 * The SDKs of OpenAI and Anthropic for Node.js, with nothing but their base URL changed and with the retries that they make by
 * themselves: every API that they have for text, in each way to call it.
 */
abstract class WithNpmSdks {
    static final String HALF = "The gate is ";
    static final String WHOLE = "The gate is open.";

    /** Retries are never refused and upstreams never given up, so that a test sees what it caused and nothing else. */
    private static final String POLICY = """
            routes:
              - {name: openai, dialect: openai, upstreams: [{name: openai-a}]}
              - {name: openai-pair, dialect: openai, upstreams: [{name: openai-a, priority: 1}, {name: openai-b, priority: 2}]}
              - {name: anthropic, dialect: anthropic, upstreams: [{name: anthropic-a}]}
              - name: anthropic-pair
                dialect: anthropic
                upstreams: [{name: anthropic-a, priority: 1}, {name: anthropic-b, priority: 2}]
            upstreams:
            """;

    private static final String UPSTREAM = """
              - name: %1$s-%2$s
                dialect: %1$s
                url: %3$s/%2$s
                credentialGroup: all
                timeouts: {connect: 20s, idle: 2s}
                retry: {budget: {minPerSecond: 1000}}
                circuit: {window: 10000, failureRatio: 1.0}
            """;

    private static Vertx vertx;
    static Simulator provider;
    private static PenstockProcess penstock;

    @TempDir
    private static Path directory;

    private static @Nullable NpmSdks sdks;

    /** What is called, by which word its answers end well, and the frames of a stream up to its first text, {@link #HALF}. */
    enum Api {
        CHAT("openai", "/v1", Voice.openAiChat(), "stop", """
                data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,\
                "delta":{"role":"assistant","content":"The gate is "},"finish_reason":null}]}

                """),
        RESPONSES("openai", "/v1", Voice.openAiResponses(), "completed", """
                event: response.created
                data: {"type":"response.created","sequence_number":0,\
                "response":{"id":"r","object":"response","status":"in_progress","output":[]}}

                event: response.output_item.added
                data: {"type":"response.output_item.added","sequence_number":1,"output_index":0,\
                "item":{"id":"i","type":"message","role":"assistant","content":[]}}

                event: response.content_part.added
                data: {"type":"response.content_part.added","sequence_number":2,"item_id":"i","output_index":0,\
                "content_index":0,"part":{"type":"output_text","text":""}}

                event: response.output_text.delta
                data: {"type":"response.output_text.delta","sequence_number":3,"item_id":"i","output_index":0,\
                "content_index":0,"delta":"The gate is "}

                """),
        MESSAGES("anthropic", "", Voice.anthropic(), "end_turn", """
                event: message_start
                data: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[],\
                "model":"m","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}}

                event: content_block_start
                data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

                event: content_block_delta
                data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"The gate is "}}

                """);

        private final String vendor;
        private final String base;
        final Voice voice;
        final String stop;
        final String begun;

        Api(String vendor, String base, Voice voice, String stop, String begun) {
            this.vendor = vendor;
            this.base = base;
            this.voice = voice;
            this.stop = stop;
            this.begun = begun;
        }

        boolean openAi() {
            return this != MESSAGES;
        }
    }

    /** Something that a provider does, by name. */
    record Deed(String name, Function<Voice, Provider> how) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start() throws IOException {
        vertx = Vertx.vertx();
        provider = Simulator.start(vertx);
        StringBuilder policy = new StringBuilder(POLICY);
        for (String vendor : List.of("openai", "anthropic")) {
            for (String name : List.of("a", "b")) {
                policy.append(UPSTREAM.formatted(vendor, name, provider.baseUrl()));
            }
        }
        penstock = PenstockProcess.serve(Files.writeString(directory.resolve("penstock.yaml"), policy));
    }

    @AfterAll
    static void stop() throws Exception {
        if (sdks != null) {
            sdks.close();
            sdks = null;
        }
        penstock.close();
        provider.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Before each test, so that each is skipped, and seen to be, where the SDKs are missing. */
    @BeforeEach
    void startApplication() throws IOException {
        if (sdks == null) {
            sdks = NpmSdks.start(directory);
        }
    }

    @AfterEach
    void forget() {
        provider.forget();
    }

    static Stream<Arguments> ways() {
        return each("blocking", "events", "helper", "final");
    }

    static Stream<Arguments> streams() {
        return each("events", "helper", "final");
    }

    static Stream<Arguments> each(String... ways) {
        return Stream.of(Api.values()).flatMap(api -> Stream.of(ways).map(way -> arguments(api, way)));
    }

    static Stream<Arguments> with(Stream<Arguments> calls, Object... more) {
        return calls.flatMap(call -> Stream.of(more).map(thing -> arguments(call.get()[0], call.get()[1], thing)));
    }

    static Got call(Api api, String way) throws Exception {
        return call(api, way, "");
    }

    static Got call(Api api, String way, String routeSuffix) throws Exception {
        String baseUrl = penstock.baseUrl() + "/" + api.vendor + routeSuffix + api.base;
        return Objects.requireNonNull(sdks).call(api.name().toLowerCase(Locale.ROOT), way, baseUrl);
    }

    /** The exception that was raised, one that {@code catch} takes for this type, and after which no answer looks finished. */
    static Thrown raised(Got got, String type) {
        Thrown error = got.error();
        assertThat(error).as("the error after %s", got).isNotNull();
        assertThat(error.is()).as("%s", error).contains(type);
        assertThat(got.stop()).isNull();
        return error;
    }
}

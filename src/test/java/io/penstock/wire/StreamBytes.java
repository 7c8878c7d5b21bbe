package io.penstock.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Event streams that are right, odd or broken, and must all arrive as they were sent. Each ends in a terminal marker. */
final class StreamBytes {
    private static final Path FIXTURES = Path.of("src/test/resources/streams");
    private static final Pattern NO_ANSWER =
            Pattern.compile("truncated|cut-|-only|empty|html|error|failed|without-content|blocked");
    private static final String CHAT = "/openai/v1/chat/completions";
    private static final String CHUNK =
            "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-5\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}";
    private static final String STOP =
            "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-5\","
                    + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";
    private static final String HELLO = "data: " + CHUNK.formatted("Hello") + "\n\n";
    private static final String END = "data: " + STOP + "\n\ndata: [DONE]\n\n";

    private StreamBytes() {}

    /** The fixtures of the dialects' own tests, but for those that break off, hold nothing, or hold an error. */
    static Stream<Arguments> recorded() throws IOException {
        try (Stream<Path> files = Files.walk(FIXTURES)) {
            return files
                    .filter(file ->
                            file.toString().endsWith(".sse") || file.toString().endsWith(".json"))
                    .filter(file ->
                            !NO_ANSWER.matcher(file.getFileName().toString()).find())
                    .sorted()
                    .map(StreamBytes::recorded)
                    .toList()
                    .stream();
        }
    }

    private static Arguments recorded(Path file) {
        boolean json = file.toString().endsWith(".json");
        String dialect = file.getParent().getFileName().toString();
        String path =
                switch (dialect) {
                    case "openai-chat" -> CHAT;
                    case "openai-responses" -> "/openai/v1/responses";
                    case "anthropic" -> "/anthropic/v1/messages";
                    case "gemini" ->
                        "/gemini/v1beta/models/gemini-2.5-pro:streamGenerateContent" + (json ? "" : "?alt=sse");
                    default -> throw new AssertionError("streams of an unknown dialect: " + file);
                };
        try {
            return Arguments.of(
                    dialect + " " + file.getFileName(),
                    path,
                    json ? "application/json" : "text/event-stream",
                    Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Arguments> odd() {
        return openAi().entrySet().stream()
                .map(odd -> Arguments.of(odd.getKey(), CHAT, "text/event-stream", odd.getValue()));
    }

    private static Map<String, byte[]> openAi() {
        Map<String, byte[]> streams = new LinkedHashMap<>();
        add(streams, "plain", HELLO + END);
        add(
                streams,
                "comments and pings",
                ": OPENROUTER PROCESSING\n\n:\n" + HELLO + ": ping\n\n\n\n: keep-alive\n\n" + END);
        add(streams, "CRLF", (HELLO + END).replace("\n", "\r\n"));
        add(streams, "CR alone", (HELLO + END).replace("\n", "\r"));
        add(streams, "mixed line ends", HELLO.replace("\n", "\r\n") + HELLO.replace("\n", "\r") + HELLO + END);
        add(streams, "no space after the colon", (HELLO + END).replace("data: ", "data:"));
        add(streams, "two spaces after the colon", (HELLO + END).replace("data: ", "data:  "));
        add(streams, "data over several lines", HELLO.replace(",\"choices\"", ",\ndata: \"choices\"") + END);
        add(streams, "UTF-8 of two, three and four bytes", HELLO.replace("Hello", "né — 日本語 👩‍👩‍👧 ") + END);
        add(streams, "byte order mark", "\uFEFF" + HELLO + END);
        add(streams, "broken JSON", HELLO + "data: {\"choices\": [{\"delta\": \n\ndata: nonsense\n\n" + HELLO + END);
        add(streams, "unknown fields and events", "id: 7\nretry: 3000\nevent: note\nfoo: bar\nbaz\n" + HELLO + END);
        add(streams, "no final newline", HELLO + "data: " + STOP + "\n\ndata: [DONE]");
        add(streams, "one final newline", HELLO + "data: " + STOP + "\n\ndata: [DONE]\n");
        add(streams, "bytes after the end", HELLO + END + ": bye\n\n");
        add(streams, "long event", HELLO.replace("Hello", "x".repeat(100_000)) + END);
        byte[] bad = (HELLO + "data: ???\n\n" + END).getBytes(UTF_8);
        for (int i = 0; i < bad.length; i++) {
            bad[i] = bad[i] == '?' ? (byte) 0xC3 : bad[i];
        }
        streams.put("bytes that are no UTF-8", bad);
        return streams;
    }

    private static void add(Map<String, byte[]> streams, String name, String text) {
        streams.put(name, text.getBytes(UTF_8));
    }
}

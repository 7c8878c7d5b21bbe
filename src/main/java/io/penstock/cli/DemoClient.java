package io.penstock.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The application of the demo, and the operator who looks at what was recorded. Blocking. */
final class DemoClient {
    private static final Duration RECORD_DEADLINE = Duration.ofSeconds(3);
    private static final Duration RECORD_POLL = Duration.ofMillis(10);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final ObjectMapper json = new ObjectMapper();
    private final String gateway;
    private final String management;

    DemoClient(String gateway, String management) {
        this.gateway = gateway;
        this.management = management;
    }

    DemoSeen ask(DemoScenario scenario) throws IOException, InterruptedException {
        HttpRequest request = scenario.dialect().request(gateway, scenario.model(), scenario.stream(), scenario.key());
        long start = System.nanoTime();
        HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean broken = false;
        try (InputStream in = answer.body()) {
            in.transferTo(body);
        } catch (IOException brokenOff) {
            broken = true;
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        Map<String, String> headers = answer.headers().map().entrySet().stream()
                .collect(Collectors.toMap(
                        header -> header.getKey().toLowerCase(Locale.ROOT),
                        header -> String.join(", ", header.getValue())));
        return new DemoSeen(
                answer.statusCode(),
                headers,
                DemoSeen.Answer.of(
                        scenario.dialect(),
                        scenario.stream(),
                        answer.statusCode(),
                        body.toString(StandardCharsets.UTF_8),
                        broken),
                took);
    }

    /** The record of an interception, which comes a moment after the answer; empty where it does not come. */
    Optional<DemoRecord> record(String id) throws IOException, InterruptedException {
        URI uri = URI.create(gateway + "/penstock/v1/interceptions/" + id);
        long start = System.nanoTime();
        while (System.nanoTime() - start < RECORD_DEADLINE.toNanos()) {
            HttpResponse<String> answer = get(uri);
            if (answer.statusCode() == 200) {
                return Optional.of(DemoRecord.of(json.readTree(answer.body())));
            }
            Thread.sleep(RECORD_POLL.toMillis());
        }
        return Optional.empty();
    }

    /** What Prometheus would scrape. */
    String metrics() throws IOException, InterruptedException {
        return get(URI.create(management + "/metrics")).body();
    }

    private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(), BodyHandlers.ofString());
    }
}

package io.penstock.injector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Calls the Kubernetes API with the pod's account, and tells what came of it as a value. Blocks; not for event loops. */
final class Kubernetes {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int CONNECT_SECONDS = 5;
    private static final int FIRST_ERROR = 400;

    private final ServiceAccount account;
    private final ObjectMapper json;
    private byte[] authority = {};
    private @Nullable KubernetesApi api;

    Kubernetes(ServiceAccount account, ObjectMapper json) {
        this.account = account;
        this.json = json;
    }

    /** What came of a call. */
    sealed interface Answer {
        record Found(JsonNode body) implements Answer {}

        /** The server said no. */
        record Refused(int status, String message) implements Answer {
            @Override
            public String toString() {
                return "HTTP " + status + (message.isEmpty() ? "" : ": " + message);
            }
        }

        /** The server said nothing. */
        record Unreachable(String why) implements Answer {
            @Override
            public String toString() {
                return why;
            }
        }
    }

    Answer call(BiFunction<KubernetesApi, String, Uni<RestResponse<String>>> call) {
        try {
            RestResponse<String> response = call.apply(api(), account.bearer())
                    .ifNoItem()
                    .after(PATIENCE)
                    .fail()
                    .await()
                    .indefinitely();
            String body = text(response);
            return response.getStatus() < FIRST_ERROR
                    ? new Answer.Found(json.readTree(body))
                    : new Answer.Refused(response.getStatus(), message(body));
        } catch (IOException | RuntimeException e) {
            return new Answer.Unreachable(reason(e));
        }
    }

    /** @throws IOException where the files of the account cannot be read */
    Multi<byte[]> watch(BiFunction<KubernetesApi, String, Multi<byte[]>> call) throws IOException {
        return call.apply(api(), account.bearer());
    }

    /** What went wrong, without a stack: the causes of most failures of a connection are in the innermost message. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** A client, which is a new one when the cluster's authority has changed. */
    private synchronized KubernetesApi api() throws IOException {
        byte[] current = account.authority();
        KubernetesApi known = api;
        if (known != null && Arrays.equals(current, authority)) {
            return known;
        }
        // The client before is not closed: a watch may be using it still, and authorities change once in years.
        KubernetesApi fresh = QuarkusRestClientBuilder.newBuilder()
                .baseUri(account.server())
                .trustStore(ServiceAccount.trustStore(current))
                .connectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                .disableDefaultMapper(true)
                .build(KubernetesApi.class);
        api = fresh;
        authority = current;
        return fresh;
    }

    /** The body; the client leaves that of an error unread, whatever type was asked for. */
    private static String text(RestResponse<?> response) throws IOException {
        Object entity = response.getEntity();
        if (entity instanceof InputStream in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        return entity == null ? "" : entity.toString();
    }

    private String message(String body) {
        try {
            return json.readTree(body).path("message").asText();
        } catch (JsonProcessingException e) {
            return "";
        }
    }
}

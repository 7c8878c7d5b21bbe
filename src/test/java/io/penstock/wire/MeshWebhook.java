package io.penstock.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.injector.WebhookCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** Another product's admission webhook, which changes each pod too, so that the API server asks the others again. */
final class MeshWebhook implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Vertx vertx = Vertx.vertx();
    private final WebhookCertificate certificate;
    private final HttpServer server;

    /** @param patch what it answers, as a JSON Patch */
    MeshWebhook(String patch) throws Exception {
        certificate = WebhookCertificate.make("EC", "mesh");
        server = vertx.createHttpServer(certificate.serving())
                .requestHandler(request -> request.body().onSuccess(body -> request.response()
                        .putHeader("Content-Type", "application/json")
                        .end(answer(body, patch))))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    /** Its configuration, which comes after Penstock's in the order of names. */
    String configuration(String name, String namespaceLabel) throws Exception {
        String authority =
                Base64.getEncoder().encodeToString(certificate.certificatePem().getBytes(StandardCharsets.US_ASCII));
        return """
                {"metadata": {"name": "%1$s"}, "webhooks": [{"name": "%1$s.example.org", "admissionReviewVersions": ["v1"],
                "sideEffects": "None", "failurePolicy": "Fail", "namespaceSelector": {"matchLabels": {"%2$s": "yes"}},
                "clientConfig": {"url": "https://127.0.0.1:%3$d/", "caBundle": "%4$s"},
                "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}]}]}
                """.formatted(name, namespaceLabel, server.actualPort(), authority);
    }

    @Override
    public void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private static Buffer answer(Buffer body, String patch) {
        try {
            JsonNode review = JSON.readTree(body.getBytes());
            ObjectNode answer = JSON.createObjectNode();
            answer.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
            answer.putObject("response")
                    .put("uid", review.at("/request/uid").asText())
                    .put("allowed", true)
                    .put("patchType", "JSONPatch")
                    .put("patch", Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8)));
            return Buffer.buffer(answer.toString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

package io.penstock.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.penstock.classify.CapturedReader;
import io.penstock.classify.CapturedReader.Reading;
import io.penstock.classify.Explainer;
import io.penstock.classify.ExplanationJson;
import io.penstock.upstream.Upstreams;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Explains a captured answer: what Penstock would make of it by the rules in force. */
final class ClassifyEndpoint {
    /** The largest question, in bytes: a body larger than what is judged says nothing more. */
    static final long MAX_QUESTION = 1024 * 1024;

    private static final ObjectReader JSON =
            new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Upstreams upstreams;

    ClassifyEndpoint(Upstreams upstreams) {
        this.upstreams = upstreams;
    }

    Answer classify(RoutingContext context) {
        String body = context.body().asString();
        JsonNode question;
        try {
            question = JSON.readTree(body == null ? "" : body);
        } catch (JsonProcessingException e) {
            return Answer.badBody(List.of(new CapturedReader.Problem(
                    "", "is not JSON: see line " + e.getLocation().getLineNr(), List.of())));
        }
        Reading reading = CapturedReader.read(question);
        if (reading instanceof Reading.Bad bad) {
            return Answer.badBody(bad.problems());
        }
        Explainer explainer = new Explainer(upstreams.snapshot().classifier());
        return Answer.json(ExplanationJson.of(explainer.explain(((Reading.Good) reading).captured())));
    }
}

package io.penstock.admin;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.penstock.classify.CapturedReader;
import io.penstock.classify.CapturedReader.Reading;
import io.penstock.classify.Classifier;
import io.penstock.classify.Explainer;
import io.penstock.classify.ExplanationJson;
import io.penstock.classify.RuleSet;
import io.penstock.policy.PolicySource;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.List;

/** Explains a captured answer: what Penstock would make of it by the rules in force. */
final class ClassifyEndpoint {
    /** The largest question, in bytes: a body larger than what is judged says nothing more. */
    static final long MAX_QUESTION = 1024 * 1024;

    private static final ObjectReader JSON =
            new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final PolicySource policies;
    private volatile Known known;

    /** The explainer that goes with a rule set. */
    private record Known(RuleSet rules, Explainer explainer) {
        static Known of(RuleSet rules) {
            return new Known(rules, new Explainer(new Classifier(Clock.systemUTC(), rules)));
        }
    }

    ClassifyEndpoint(PolicySource policies) {
        this.policies = policies;
        this.known = Known.of(policies.current().rules());
    }

    Answer classify(RoutingContext context) {
        String body = context.body().asString();
        JsonNode question;
        try {
            question = JSON.readTree(body == null ? "" : body);
        } catch (JsonProcessingException e) {
            return Answer.badBody(List.of(new CapturedReader.Problem("", whatIsWrong(e), List.of())));
        }
        Reading reading = CapturedReader.read(question);
        if (reading instanceof Reading.Bad bad) {
            return Answer.badBody(bad.problems());
        }
        return Answer.json(ExplanationJson.of(explainer().explain(((Reading.Good) reading).captured())));
    }

    private static String whatIsWrong(JsonProcessingException e) {
        if (e instanceof StreamConstraintsException) {
            return "is beyond what is read: JSON is nested at most "
                    + StreamReadConstraints.DEFAULT_MAX_DEPTH + " deep, and a number has at most "
                    + StreamReadConstraints.DEFAULT_MAX_NUM_LEN + " digits";
        }
        JsonLocation where = e.getLocation();
        return "is not JSON" + (where == null ? "" : ": see line " + where.getLineNr());
    }

    private Explainer explainer() {
        RuleSet inForce = policies.current().rules();
        if (known.rules() != inForce) {
            known = Known.of(inForce);
        }
        return known.explainer();
    }
}

package io.penstock.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.penstock.classify.CapturedReader;
import java.util.List;
import java.util.stream.Collectors;

/** What the admin API answers: a document, or a problem (RFC 9457). */
record Answer(int status, String contentType, String body) {
    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";

    static Answer json(JsonNode body) {
        return json(body.toString());
    }

    static Answer json(String body) {
        return new Answer(200, JSON, body);
    }

    static Answer problem(int status, String detail) {
        return problem(problemBody(status, detail));
    }

    /** A 400 that tells all that is wrong with the query at once. */
    static Answer badQuery(List<ParameterProblem> problems) {
        String detail = problems.stream()
                .map(problem -> problem.parameter() + ": " + problem.detail())
                .collect(Collectors.joining("; "));
        ObjectNode body = problemBody(400, detail);
        ArrayNode errors = body.putArray("errors");
        for (ParameterProblem problem : problems) {
            ObjectNode error =
                    errors.addObject().put("parameter", problem.parameter()).put("detail", problem.detail());
            if (!problem.allowed().isEmpty()) {
                ArrayNode allowed = error.putArray("allowed");
                problem.allowed().forEach(allowed::add);
            }
        }
        return problem(body);
    }

    /** A 400 that tells all that is wrong with the fields of a request's body at once. */
    static Answer badBody(List<CapturedReader.Problem> problems) {
        String detail = problems.stream()
                .map(problem ->
                        problem.field().isEmpty() ? problem.detail() : problem.field() + ": " + problem.detail())
                .collect(Collectors.joining("; "));
        ObjectNode body = problemBody(400, detail);
        ArrayNode errors = body.putArray("errors");
        for (CapturedReader.Problem problem : problems) {
            ObjectNode error = errors.addObject().put("field", problem.field()).put("detail", problem.detail());
            if (!problem.allowed().isEmpty()) {
                ArrayNode allowed = error.putArray("allowed");
                problem.allowed().forEach(allowed::add);
            }
        }
        return problem(body);
    }

    private static Answer problem(ObjectNode body) {
        return new Answer(body.get("status").intValue(), PROBLEM, body.toString());
    }

    private static ObjectNode problemBody(int status, String detail) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "about:blank")
                .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
                .put("status", status)
                .put("detail", detail);
    }
}

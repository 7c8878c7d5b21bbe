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
        return badRequest(
                "parameter",
                problems.stream()
                        .map(problem -> new Wrong(problem.parameter(), problem.detail(), problem.allowed()))
                        .toList());
    }

    /** A 400 that tells all that is wrong with the fields of a request's body at once. */
    static Answer badBody(List<CapturedReader.Problem> problems) {
        return badRequest(
                "field",
                problems.stream()
                        .map(problem -> new Wrong(problem.field(), problem.detail(), problem.allowed()))
                        .toList());
    }

    /** What is wrong with the part of a request of that name; the name is empty where it is the whole. */
    private record Wrong(String name, String detail, List<String> allowed) {
        @Override
        public String toString() {
            return name.isEmpty() ? detail : name + ": " + detail;
        }
    }

    /** @param what what the parts are called in the answer */
    private static Answer badRequest(String what, List<Wrong> parts) {
        ObjectNode body = problemBody(400, parts.stream().map(Wrong::toString).collect(Collectors.joining("; ")));
        ArrayNode errors = body.putArray("errors");
        for (Wrong part : parts) {
            ObjectNode error = errors.addObject().put(what, part.name()).put("detail", part.detail());
            if (!part.allowed().isEmpty()) {
                ArrayNode allowed = error.putArray("allowed");
                part.allowed().forEach(allowed::add);
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

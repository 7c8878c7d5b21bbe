package io.penstock.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.record.Interception;
import io.penstock.record.InterceptionJson;
import io.penstock.record.InterceptionQuery;
import io.penstock.record.InterceptionStore;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** What the admin API says of interceptions. */
@Singleton
final class InterceptionEndpoints {
    /** How many interceptions of a thread are shown: a thread may be as long as the store is large. */
    static final int LONGEST_THREAD = 1_000;

    private final InterceptionStore store;
    private final InterceptionJson json;

    InterceptionEndpoints(InterceptionStore store, InterceptionJson json) {
        this.store = store;
        this.json = json;
    }

    Uni<Answer> list(RoutingContext context) {
        InterceptionParameters.Reading reading = InterceptionParameters.read(context.queryParams());
        if (reading instanceof InterceptionParameters.Reading.Bad bad) {
            return Uni.createFrom().item(Answer.badQuery(bad.problems()));
        }
        InterceptionQuery query = ((InterceptionParameters.Reading.Good) reading).query();
        return store.find(query).map(page -> {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.set("interceptions", all(page.interceptions()));
            body.put("next", page.next().orElse(null));
            return Answer.json(body);
        });
    }

    Uni<Answer> one(RoutingContext context) {
        Uni<Optional<Interception>> found = id(context.pathParam("id"))
                .map(store::byId)
                .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
        return found.map(interception -> interception
                .map(i -> Answer.json(json.of(i)))
                .orElseGet(() -> Answer.problem(404, "no interception with this id is kept")));
    }

    /** A thread's interceptions, oldest first; its error is that of the interception that began it. */
    Uni<Answer> thread(RoutingContext context) {
        String id = context.pathParam("id");
        return store.thread(id).map(interceptions -> {
            if (interceptions.isEmpty()) {
                return Answer.problem(404, "no interception of this thread is kept");
            }
            Interception root = interceptions.get(0);
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.put("thread_id", id);
            body.set("error", root.error() == null ? null : json.error(root.error()));
            body.set(
                    "interceptions",
                    all(interceptions.stream().limit(LONGEST_THREAD).toList()));
            body.put("truncated", interceptions.size() > LONGEST_THREAD);
            return Answer.json(body);
        });
    }

    private ArrayNode all(List<Interception> interceptions) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        interceptions.forEach(interception -> array.add(json.of(interception)));
        return array;
    }

    private static Optional<UUID> id(String text) {
        try {
            UUID id = UUID.fromString(text);
            // The parser also takes shortened groups, such as 1-1-1-1-1.
            return id.toString().equals(text.toLowerCase(Locale.ROOT)) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

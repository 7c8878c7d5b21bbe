package io.penstock.cli;

import io.penstock.classify.Category;
import io.penstock.classify.Failover;
import io.penstock.classify.Reaction.Retry;
import java.util.List;
import java.util.stream.Collectors;

/** Every category and what is done about it, as a Markdown table, from the one declaration of the categories. */
final class ReactionTable {
    private static final String HEAD = """
            | category | error type | fault | caller | same upstream again | another key | another upstream | counts for |
            |---|---|---|---|---|---|---|---|
            """;

    private ReactionTable() {}

    static String of(List<Category> categories) {
        return HEAD + categories.stream().map(ReactionTable::row).collect(Collectors.joining("\n"));
    }

    private static String row(Category category) {
        return "| `"
                + String.join(
                        " | ",
                        category.name() + "`",
                        category.type().label(),
                        category.fault().label(),
                        yesNo(category.caller()),
                        retry(category.reaction().retry()),
                        yesNo(category.reaction().rotateKey()),
                        failover(category.reaction().failover()),
                        category.reaction().countsFor().label())
                + " |";
    }

    private static String yesNo(boolean value) {
        return value ? "yes" : "no";
    }

    private static String retry(Retry retry) {
        return switch (retry) {
            case NEVER -> "no";
            case ONCE_AT_ONCE -> "once, at once";
            case ONCE_JITTERED -> "once, jittered";
            case AFTER_HINT -> "after the wait asked for, if it fits";
        };
    }

    private static String failover(Failover failover) {
        return switch (failover) {
            case NEVER -> "no";
            case LARGER_ONLY -> "only to one declared larger";
            case OPT_IN -> "only by opt-in";
            case UNLESS_ANSWERED_4XX -> "unless a 4xx with a body";
            case ALWAYS -> "yes";
        };
    }
}

package io.penstock.classify;

import static io.penstock.classify.CountsFor.KEY;
import static io.penstock.classify.CountsFor.MODEL;
import static io.penstock.classify.CountsFor.NOTHING;
import static io.penstock.classify.CountsFor.UPSTREAM;
import static io.penstock.classify.Failover.ALWAYS;
import static io.penstock.classify.Failover.LARGER_ONLY;
import static io.penstock.classify.Failover.NEVER;
import static io.penstock.classify.Failover.OPT_IN;
import static io.penstock.classify.Failover.UNLESS_ANSWERED_4XX;
import static io.penstock.classify.Fault.ACCOUNT;
import static io.penstock.classify.Fault.CALLER;
import static io.penstock.classify.Fault.GATEWAY;
import static io.penstock.classify.Fault.NETWORK;
import static io.penstock.classify.Fault.PROVIDER;

import io.penstock.classify.Reaction.Retry;
import java.util.ArrayList;
import java.util.List;

/**
 * The fine name of a failure, with everything that follows from it. Each built-in category is declared here once, with
 * all its properties; membership in any group (the caller categories, say) is a property of the category itself, so that
 * no second list can drift.
 *
 * @param name the name in records, metrics, headers and rules
 * @param type the coarse error type it belongs to
 * @param fault whose fault it is
 * @param caller whether a provider's answer of this category ends an interception without retry and failover
 * @param reaction the default reaction before the commit
 */
public record Category(String name, ErrorType type, Fault fault, boolean caller, Reaction reaction) {

    private static final List<Category> BUILT_IN = new ArrayList<>();

    public static final Category PROMPT_LIMIT = tooLarge("prompt_limit");
    public static final Category INPUT_LIMIT = tooLarge("input_limit");
    public static final Category CONTEXT_LIMIT = tooLarge("context_limit");
    public static final Category TOKEN_LIMIT = tooLarge("token_limit");
    public static final Category PDF_LIMIT = tooLarge("pdf_limit");
    public static final Category MEDIA_LIMIT = tooLarge("media_limit");
    public static final Category CACHE_LIMIT = tooLarge("cache_limit");
    public static final Category VALIDATION_ERROR = callers("validation_error", NEVER);
    public static final Category PARAMETER_ERROR = callers("parameter_error", NEVER);
    public static final Category INVALID_REQUEST = callers("invalid_request", NEVER);
    public static final Category THINKING_ERROR = callers("thinking_error", NEVER);
    /** The model is missing or malformed in the request. */
    public static final Category MODEL_ERROR = callers("model_error", NEVER);

    public static final Category STORE_ERROR = callers("store_error", NEVER);
    public static final Category CONTENT_FILTER = callers("content_filter", OPT_IN);
    /** This upstream lacks the model; another may have it. */
    public static final Category MODEL_NOT_FOUND =
            of("model_not_found", ErrorType.BAD_REQUEST, CALLER, Retry.NEVER, false, ALWAYS, MODEL);

    public static final Category AUTH_ERROR =
            of("auth_error", ErrorType.UNAUTHORIZED, ACCOUNT, Retry.NEVER, true, ALWAYS, KEY);
    /** The account is empty, or its daily, monthly or spend limit is reached: waiting seconds does not help. */
    public static final Category QUOTA_EXHAUSTED =
            of("quota_exhausted", ErrorType.RATE_LIMITED, ACCOUNT, Retry.NEVER, true, ALWAYS, KEY);

    public static final Category RATE_LIMIT =
            of("rate_limit", ErrorType.RATE_LIMITED, ACCOUNT, Retry.AFTER_HINT, true, ALWAYS, KEY);
    /** The provider lacks capacity. Another key of the same account meets the same lack, so keys are not rotated. */
    public static final Category OVERLOADED =
            of("overloaded", ErrorType.OVERLOADED, PROVIDER, Retry.ONCE_JITTERED, false, ALWAYS, MODEL);

    public static final Category SERVICE_ERROR =
            of("service_error", ErrorType.SERVER_ERROR, PROVIDER, Retry.ONCE_JITTERED, false, ALWAYS, UPSTREAM);
    /** Refused, reset, DNS, TLS, GOAWAY, refused stream. */
    public static final Category NETWORK_ERROR =
            of("network_error", ErrorType.SERVER_ERROR, NETWORK, Retry.ONCE_AT_ONCE, false, ALWAYS, UPSTREAM);
    /** An answer that is none: HTML or nothing in a 200, a malformed or truncated stream before the commit. */
    public static final Category PROTOCOL_ERROR =
            of("protocol_error", ErrorType.SERVER_ERROR, PROVIDER, Retry.NEVER, false, ALWAYS, UPSTREAM);
    /** The answer ended after the commit without the dialect's terminal marker. */
    public static final Category STREAM_TRUNCATED =
            of("stream_truncated", ErrorType.SERVER_ERROR, PROVIDER, Retry.NEVER, false, NEVER, UPSTREAM);

    public static final Category CONNECT_TIMEOUT =
            of("connect_timeout", ErrorType.TIMEOUT, NETWORK, Retry.NEVER, false, ALWAYS, UPSTREAM);
    public static final Category FIRST_CONTENT_TIMEOUT =
            of("first_content_timeout", ErrorType.TIMEOUT, PROVIDER, Retry.NEVER, false, ALWAYS, UPSTREAM);
    public static final Category IDLE_TIMEOUT =
            of("idle_timeout", ErrorType.TIMEOUT, PROVIDER, Retry.NEVER, false, NEVER, UPSTREAM);
    public static final Category DEADLINE_EXCEEDED =
            of("deadline_exceeded", ErrorType.TIMEOUT, PROVIDER, Retry.NEVER, false, NEVER, UPSTREAM);
    /** The upstream's own time ran out: 408, 504, 524. */
    public static final Category UPSTREAM_TIMEOUT =
            of("upstream_timeout", ErrorType.TIMEOUT, PROVIDER, Retry.NEVER, false, ALWAYS, UPSTREAM);

    public static final Category CIRCUIT_OPEN =
            of("circuit_open", ErrorType.SERVER_ERROR, GATEWAY, Retry.NEVER, false, NEVER, NOTHING);
    public static final Category NO_UPSTREAM =
            of("no_upstream", ErrorType.SERVER_ERROR, GATEWAY, Retry.NEVER, false, NEVER, NOTHING);
    public static final Category REQUEST_TOO_LARGE =
            of("request_too_large", ErrorType.BAD_REQUEST, CALLER, Retry.NEVER, false, NEVER, NOTHING);
    public static final Category UNKNOWN =
            of("unknown", ErrorType.UNKNOWN, PROVIDER, Retry.NEVER, false, UNLESS_ANSWERED_4XX, NOTHING);

    /** The built-in categories, in the order of their declaration. */
    public static List<Category> builtIn() {
        return List.copyOf(BUILT_IN);
    }

    private static Category tooLarge(String name) {
        return callers(name, LARGER_ONLY);
    }

    private static Category callers(String name, Failover failover) {
        return declare(new Category(
                name, ErrorType.BAD_REQUEST, CALLER, true, new Reaction(Retry.NEVER, false, failover, NOTHING)));
    }

    private static Category of(
            String name,
            ErrorType type,
            Fault fault,
            Retry retry,
            boolean rotateKey,
            Failover failover,
            CountsFor countsFor) {
        return declare(new Category(name, type, fault, false, new Reaction(retry, rotateKey, failover, countsFor)));
    }

    private static Category declare(Category category) {
        BUILT_IN.add(category);
        return category;
    }

    @Override
    public String toString() {
        return name;
    }
}

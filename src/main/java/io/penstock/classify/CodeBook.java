package io.penstock.classify;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the codes, types, exception names and reasons of the providers mean. One vocabulary for all of them: compatible
 * servers and relays borrow each other's words, and no two mean opposite things by one. Spelling does not matter:
 * {@code rate_limit_error}, {@code RateLimitError} and {@code RateLimitException} are one word.
 */
final class CodeBook {

    /** How much a word says. */
    enum Strength {
        /** Says what happened. */
        TELLING,
        /** Says "refused" or "throttled", which an empty account may hide behind. */
        BROAD,
        /** Says only whose fault it is, and is often a mere default; any better evidence goes before it. */
        GENERIC
    }

    record Meaning(Category category, Strength strength) {}

    private static final int LONGEST_IDENTIFIER = 80;

    private final Map<String, Meaning> words = new HashMap<>();

    /** Parts of words for codes that nobody has listed yet, the surest first. */
    private final List<Family> families = List.of(
            new Family(Category.RATE_LIMIT, Strength.TELLING, "inflightbudget"),
            new Family(
                    Category.QUOTA_EXHAUSTED,
                    Strength.TELLING,
                    "insufficientquota",
                    "quotaexceed",
                    "quotaexhaust",
                    "exceededquota",
                    "insufficientcredit",
                    "insufficientbalance",
                    "creditbalance",
                    "billing",
                    "spendlimit",
                    "spendinglimit",
                    "budgetexceed"),
            new Family(Category.CONTEXT_LIMIT, Strength.TELLING, "contextlength", "contextwindow", "contextsize"),
            new Family(
                    Category.CONTENT_FILTER,
                    Strength.TELLING,
                    "contentfilter",
                    "contentpolicy",
                    "moderation",
                    "policyviolation"),
            new Family(
                    Category.MODEL_NOT_FOUND,
                    Strength.TELLING,
                    "modelnot",
                    "unknownmodel",
                    "invalidmodel",
                    "unsupportedmodel",
                    "deploymentnotfound"),
            new Family(Category.OVERLOADED, Strength.TELLING, "overload", "overcapacity", "capacityexceed"),
            new Family(
                    Category.AUTH_ERROR,
                    Strength.BROAD,
                    "apikey",
                    "unauthori",
                    "unauthenticated",
                    "authentication",
                    "accessdenied",
                    "permission"),
            new Family(Category.RATE_LIMIT, Strength.BROAD, "ratelimit", "throttl", "toomanyrequests"),
            new Family(Category.UPSTREAM_TIMEOUT, Strength.TELLING, "timeout", "timedout", "deadlineexceeded"),
            new Family(
                    Category.PARAMETER_ERROR,
                    Strength.TELLING,
                    "minvalue",
                    "maxvalue",
                    "minlength",
                    "maxlength",
                    "parameter",
                    "missingrequired"),
            new Family(Category.INVALID_REQUEST, Strength.GENERIC, "invalid"),
            new Family(Category.SERVICE_ERROR, Strength.GENERIC, "internal", "servererror", "upstreamerror"));

    CodeBook() {
        quota();
        limitsAndLoad();
        access();
        model();
        request();
        faults();
    }

    /** What a word means, if it is known or belongs to a known family. */
    Optional<Meaning> meaning(String code) {
        String word = normal(code);
        Meaning meaning = words.get(word);
        if (meaning == null) {
            meaning = words.get(without(word, "exception"));
        }
        if (meaning == null) {
            meaning = words.get(without(word, "error"));
        }
        if (meaning == null && code.indexOf('.') > 0 && code.indexOf(' ') < 0) {
            // Alibaba refines a code behind a dot: "Throttling.RateQuota", "InvalidParameter.DataInspection".
            return meaning(code.substring(0, code.lastIndexOf('.')));
        }
        return meaning != null ? Optional.of(meaning) : byFamily(word);
    }

    /** Only an identifier has a family: a sentence in a code's place may be anybody's words. */
    private Optional<Meaning> byFamily(String word) {
        if (word.length() > LONGEST_IDENTIFIER || word.indexOf(' ') >= 0) {
            return Optional.empty();
        }
        return families.stream()
                .filter(family -> family.has(word))
                .findFirst()
                .map(family -> new Meaning(family.category(), family.strength()));
    }

    private void quota() {
        telling(
                Category.QUOTA_EXHAUSTED,
                "insufficient_quota exceeded_current_quota quota_exceeded quota_exhausted insufficient_user_quota"
                        + " service_quota_exceeded free_tier_quota_exceeded AllocationQuota.FreeTierOnly"
                        + " credit_balance_exhausted credit_balance_too_low insufficient_credits insufficient_credit"
                        + " insufficient_balance insufficient_funds out_of_credits no_credits credit_limit"
                        + " credit_limit_exceeded credits_exhausted billing billing_not_active billing_disabled"
                        + " billing_hard_limit_reached payment_required spend_limit_reached spend_limit_exceeded"
                        + " spending_limit_reached spending_limit_exceeded budget_exceeded usage_limit_reached"
                        + " usage_not_included arrearage account_overdue weight_exceeds_budget openrouter_credits"
                        + " openrouter_key_limit openrouter_guardrail_budget openrouter_workspace_budget");
    }

    private void limitsAndLoad() {
        telling(
                Category.RATE_LIMIT,
                "openrouter_in_flight_budget in_flight_budget_exhausted upstream_provider_shared_pool"
                        + " service_tier_capacity_exceeded 3505");
        broad(
                Category.RATE_LIMIT,
                "rate_limit rate_limit_exceeded rate_limit_reached rate_limited too_many_requests throttling throttled"
                        + " tokens requests resource_exhausted request_limit_exceeded limit_exceeded"
                        + " concurrency_limit_exceeded");
        words.put("some resource has been exhausted", new Meaning(Category.RATE_LIMIT, Strength.BROAD));
        telling(
                Category.OVERLOADED,
                "overloaded engine_overloaded model_overloaded server_overloaded server_is_overloaded"
                        + " provider_overloaded slow_down capacity_exceeded over_capacity no_capacity"
                        + " insufficient_capacity capacity service_unavailable unavailable server_busy"
                        + " model_not_ready");
    }

    private void access() {
        broad(
                Category.AUTH_ERROR,
                "invalid_api_key incorrect_api_key api_key_invalid api_key_expired api_key_not_found missing_api_key"
                        + " api_key_service_blocked invalid_key expired_key key_disabled invalid_token token_expired"
                        + " expired_token token_not_found_in_db auth authentication invalid_authentication"
                        + " unauthorized unauthenticated permission permission_denied insufficient_permissions"
                        + " access_denied forbidden account_deactivated account_disabled account_suspended"
                        + " access_terminated unrecognized_client invalid_signature incomplete_signature"
                        + " signature_does_not_match invalid_client_token_id missing_authentication_token"
                        + " not_authorized credentials_missing access_token_expired access_token_type_unsupported"
                        + " service_disabled consumer_invalid user_project_denied iam_permission_denied"
                        + " unsupported_country_region_territory mismatched_organization mismatched_project"
                        + " ip_not_authorized");
    }

    private void model() {
        telling(
                Category.MODEL_NOT_FOUND,
                "model_not_found model_not_available model_not_exist model_not_supported model_not_open"
                        + " model_not_allowed model_unavailable unknown_model no_such_model invalid_model"
                        + " unsupported_model model_decommissioned model_deprecated engine_not_found"
                        + " deployment_not_found dedicated_endpoint_not_running invalid_endpoint_or_model 1500");
        generic(Category.MODEL_NOT_FOUND, "not_found resource_not_found");
        telling(Category.MODEL_ERROR, "model_required missing_model empty_model BadRequest.EmptyModel");
    }

    private void request() {
        telling(
                Category.CONTEXT_LIMIT,
                "context_length_exceeded context_window_exceeded exceed_context_size model_context_window_exceeded"
                        + " max_context_length_exceeded 3051");
        telling(Category.PROMPT_LIMIT, "prompt_too_long");
        telling(
                Category.INPUT_LIMIT,
                "input_too_long string_above_max_length string_too_long content_length_exceeds_threshold");
        telling(Category.TOKEN_LIMIT, "max_tokens_exceeded token_limit_exceeded");
        telling(Category.MEDIA_LIMIT, "image_too_large image_file_too_large too_many_images");
        telling(
                Category.REQUEST_TOO_LARGE,
                "request_too_large payload_too_large request_entity_too_large content_too_large BadRequest.TooLarge");
        telling(
                Category.CONTENT_FILTER,
                "content_filter content_policy_violation content_policy policy_violation invalid_prompt"
                        + " responsible_ai_policy_violation moderation moderation_blocked flagged_input prompt_blocked"
                        + " prohibited_content data_inspection_failed");
        telling(
                Category.PARAMETER_ERROR,
                "invalid_value invalid_type invalid_parameter missing_required_parameter missing_required_field"
                        + " unknown_parameter unsupported_parameter unsupported_value invalid_enum_value empty_array"
                        + " empty_string");
        telling(
                Category.VALIDATION_ERROR,
                "json_validate_failed invalid_encrypted_content invalid_function_parameters"
                        + " invalid_json_schema invalid_image invalid_image_url invalid_image_format image_too_small image_parse_error empty_image_file unsupported_image_media_type failed_to_download_image image_file_not_found invalid_base64");
        telling(Category.STORE_ERROR, "previous_response_not_found item_not_found conversation_not_found");
        telling(Category.INVALID_REQUEST, "unknown_url invalid_url method_not_supported");
        generic(Category.VALIDATION_ERROR, "validation unprocessable unprocessable_entity");
        generic(
                Category.INVALID_REQUEST,
                "invalid_request bad_request invalid_argument failed_precondition out_of_range");
        words.put("client specified an invalid argument", new Meaning(Category.INVALID_REQUEST, Strength.GENERIC));
    }

    private void faults() {
        telling(
                Category.UPSTREAM_TIMEOUT,
                "timeout request_timeout gateway_timeout upstream_timeout model_timeout deadline_exceeded timed_out");
        telling(Category.SERVICE_ERROR, "model_error_exception model_stream_error_exception");
        generic(
                Category.SERVICE_ERROR,
                "api server internal internal_server internal_service service_error upstream bad_gateway provider_unavailable");
    }

    private void telling(Category category, String list) {
        put(category, Strength.TELLING, list);
    }

    private void broad(Category category, String list) {
        put(category, Strength.BROAD, list);
    }

    private void generic(Category category, String list) {
        put(category, Strength.GENERIC, list);
    }

    private void put(Category category, Strength strength, String list) {
        for (String word : list.split(" ", -1)) {
            if (words.put(normal(word), new Meaning(category, strength)) != null) {
                throw new IllegalStateException("two meanings for the code " + word);
            }
        }
    }

    /** Lower case without separators; spaces stay, for they make a sentence of it. */
    private static String normal(String word) {
        return word.strip().toLowerCase(Locale.ROOT).replaceAll("[_.\\-]", "");
    }

    private static String without(String word, String ending) {
        return word.endsWith(ending) ? word.substring(0, word.length() - ending.length()) : word;
    }

    private record Family(Category category, Strength strength, List<String> parts) {

        Family(Category category, Strength strength, String... parts) {
            this(category, strength, List.of(parts));
        }

        boolean has(String word) {
            return parts.stream().anyMatch(word::contains);
        }
    }
}

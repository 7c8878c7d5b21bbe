package io.penstock.classify;

import io.penstock.classify.CodeBook.Meaning;
import io.penstock.classify.CodeBook.Strength;
import java.util.HashMap;
import java.util.Map;

/**
 * The words of the providers' vocabularies, by what they mean. Numbers are business codes: four and five digits of Zhipu,
 * Mistral, SiliconFlow and Cloudflare, which do not collide; {@code base_resp.…} is MiniMax, {@code error_code.…} Baidu.
 */
final class CodeWords {

    private final Map<String, Meaning> words = new HashMap<>();

    private CodeWords() {
        quota();
        limits();
        load();
        access();
        model();
        sizes();
        content();
        request();
        faults();
        sentences();
    }

    /** Every word in the spelling of {@link CodeBook#normal}. */
    static Map<String, Meaning> all() {
        return Map.copyOf(new CodeWords().words);
    }

    private void quota() {
        put(Category.QUOTA_EXHAUSTED, Strength.TELLING, """
                insufficient_quota exceeded_current_quota quota_exceeded quote_exceeded quota_exhausted insufficient_user_quota
                pre_consume_token_quota_failed service_quota_exceeded free_tier_quota_exceeded
                AllocationQuota.FreeTierOnly credit_balance_exhausted credit_balance_too_low insufficient_credits
                insufficient_credit insufficient_balance insufficient_funds out_of_credits no_credits credit_limit
                credit_limit_exceeded credits_exhausted billing billing_not_active billing_disabled
                billing_hard_limit_reached payment_required spend_limit_reached spend_limit_exceeded
                spending_limit_reached spending_limit_exceeded budget_exceeded usage_limit_reached usage_not_included
                arrearage account_overdue set_limit_exceeded weight_exceeds_budget OperationDenied.ServiceOverdue
                FailedOperation.ResourcePackExhausted
                openrouter_credits openrouter_key_limit openrouter_guardrail_budget openrouter_workspace_budget
                1113 1304 1308 1309 1310 30001 3036 base_resp.1008 base_resp.2056 error_code.17 error_code.19""");
    }

    private void limits() {
        put(Category.RATE_LIMIT, Strength.TELLING, """
                openrouter_in_flight_budget in_flight_budget_exhausted upstream_provider_shared_pool
                service_tier_capacity_exceeded 3505 1302 1303 1313 base_resp.1002 base_resp.1039 base_resp.1041
                base_resp.2045 error_code.4 error_code.18 error_code.336501 error_code.336502 error_code.336503""");
        put(Category.RATE_LIMIT, Strength.BROAD, """
                rate_limit rate_limit_exceeded rate_limit_reached rate_limited too_many_requests throttling throttled
                tokens requests resource_exhausted request_limit_exceeded limit_exceeded concurrency_limit_exceeded
                request_burst_too_fast websocket_connection_limit_reached""");
    }

    private void load() {
        put(Category.OVERLOADED, Strength.TELLING, """
                overloaded engine_overloaded model_overloaded server_overloaded server_is_overloaded
                provider_overloaded slow_down capacity_exceeded over_capacity no_capacity insufficient_capacity
                model_capacity_exhausted capacity service_unavailable unavailable server_busy model_not_ready
                model_loading resource_unavailable insufficient_system_resource 1305 1312 3040 50603 50505
                error_code.336100""");
    }

    private void access() {
        put(Category.AUTH_ERROR, Strength.BROAD, """
                invalid_api_key incorrect_api_key api_key_invalid api_key_expired api_key_not_found missing_api_key
                api_key_service_blocked invalid_key expired_key key_disabled invalid_token token_expired
                expired_token token_not_found_in_db auth authentication invalid_authentication
                unauthorized unauthenticated permission permission_denied insufficient_permissions
                access_denied forbidden account_deactivated account_disabled account_suspended
                access_terminated unrecognized_client invalid_signature incomplete_signature
                signature_does_not_match invalid_client_token_id missing_authentication_token
                not_authorized credentials_missing access_token_expired access_token_type_unsupported
                access_token_scope_insufficient service_disabled consumer_invalid consumer_suspended
                user_project_denied iam_permission_denied unsupported_country_region_territory
                mismatched_organization mismatched_project ip_not_authorized subscription_not_found operation_denied
                oauth_org_not_allowed auth_failure organization_restricted organization_disabled account_restricted 1000 1001 1002 1003 1004 1110 1111 1112 1121 1220 10000 base_resp.1004
                base_resp.2049 error_code.6 error_code.110 error_code.111""");
    }

    private void model() {
        put(Category.MODEL_NOT_FOUND, Strength.TELLING, """
                model_not_found model_not_available model_not_exist model_not_supported model_not_open
                model_not_allowed model_unavailable unknown_model no_such_model invalid_model unsupported_model
                model_decommissioned model_deprecated engine_not_found deployment_not_found
                dedicated_endpoint_not_running invalid_endpoint_or_model invalid_endpoint endpoint_not_found
                1500 1211 1221 1311 20012 5007""");
        put(Category.MODEL_NOT_FOUND, Strength.GENERIC, "not_found resource_not_found");
        put(Category.MODEL_ERROR, Strength.TELLING, "model_required missing_model empty_model BadRequest.EmptyModel");
    }

    private void sizes() {
        put(Category.CONTEXT_LIMIT, Strength.TELLING, """
                context_length_exceeded context_window_exceeded exceed_context_size model_context_window_exceeded
                max_context_length_exceeded tokens_limit_reached 3051""");
        put(Category.PROMPT_LIMIT, Strength.TELLING, "prompt_too_long 1261");
        put(Category.INPUT_LIMIT, Strength.TELLING, """
                input_too_long string_above_max_length string_too_long characters_too_long
                content_length_exceeds_threshold error_code.336007 error_code.336103""");
        put(Category.TOKEN_LIMIT, Strength.TELLING, "max_tokens_exceeded token_limit_exceeded");
        put(Category.MEDIA_LIMIT, Strength.TELLING, "image_too_large image_file_too_large too_many_images");
        put(Category.REQUEST_TOO_LARGE, Strength.TELLING, """
                request_too_large payload_too_large request_entity_too_large content_too_large BadRequest.TooLarge""");
    }

    private void content() {
        put(Category.CONTENT_FILTER, Strength.TELLING, """
                content_filter content_policy_violation content_policy policy_violation invalid_prompt
                responsible_ai_policy_violation moderation moderation_blocked flagged_input prompt_blocked
                prohibited_content data_inspection_failed cyber_policy unsafe_request 1300 1301 base_resp.1026
                base_resp.1027""");
    }

    private void request() {
        put(Category.PARAMETER_ERROR, Strength.TELLING, """
                invalid_value invalid_type missing_parameter missing_required_parameter
                missing_required_field unknown_parameter unsupported_parameter unsupported_value invalid_enum_value
                empty_array empty_string 1210 1213 1214 1215 20015 base_resp.2013
                error_code.336002 error_code.336003""");
        put(Category.VALIDATION_ERROR, Strength.TELLING, """
                json_validate_failed invalid_encrypted_content invalid_function_parameters
                invalid_json_schema invalid_image invalid_image_url invalid_image_format image_too_small
                image_parse_error empty_image_file unsupported_image_media_type failed_to_download_image
                image_file_not_found invalid_base64 image_generation_user_error malformed_json invalid_messages""");
        put(Category.STORE_ERROR, Strength.TELLING, """
                previous_response_not_found item_not_found conversation_not_found""");
        put(Category.INVALID_REQUEST, Strength.TELLING, """
                unknown_url invalid_url 7000 7003 7009 method_not_supported method_not_allowed""");
        put(Category.VALIDATION_ERROR, Strength.GENERIC, "validation unprocessable unprocessable_entity");
        put(Category.PARAMETER_ERROR, Strength.GENERIC, "invalid_parameter");
        put(Category.INVALID_REQUEST, Strength.GENERIC, """
                invalid_request bad_request invalid_argument failed_precondition out_of_range""");
    }

    private void faults() {
        put(Category.UPSTREAM_TIMEOUT, Strength.TELLING, """
                timeout request_timeout gateway_timeout upstream_timeout model_timeout deadline_exceeded timed_out
                base_resp.1001""");
        put(Category.SERVICE_ERROR, Strength.TELLING, """
                model_error_exception model_stream_error_exception 1120 1230 1234 base_resp.1000 base_resp.1024
                base_resp.1033 error_code.1 error_code.2 error_code.336000""");
        put(Category.SERVICE_ERROR, Strength.GENERIC, """
                api server internal internal_server internal_service service_error upstream bad_gateway
                provider_unavailable no_provider_available network generation incomplete_generation""");
    }

    /** gRPC's codes as Rust's tonic describes them, which xAI sends in the place of a code. */
    private void sentences() {
        sentence(Category.INVALID_REQUEST, Strength.GENERIC, "client specified an invalid argument");
        sentence(Category.INVALID_REQUEST, Strength.GENERIC, "operation was attempted past the valid range");
        sentence(
                Category.INVALID_REQUEST,
                Strength.GENERIC,
                "the system is not in a state required for the operation's execution");
        sentence(Category.MODEL_NOT_FOUND, Strength.GENERIC, "some requested entity was not found");
        sentence(Category.RATE_LIMIT, Strength.BROAD, "some resource has been exhausted");
        // A refusal of whatever kind: xAI sends it where a safety check failed, too.
        sentence(
                Category.AUTH_ERROR,
                Strength.GENERIC,
                "the caller does not have permission to execute the specified operation");
        sentence(Category.AUTH_ERROR, Strength.BROAD, "the request does not have valid authentication credentials");
        sentence(Category.UPSTREAM_TIMEOUT, Strength.TELLING, "deadline expired before operation could complete");
        sentence(Category.OVERLOADED, Strength.TELLING, "the service is currently unavailable");
        sentence(Category.SERVICE_ERROR, Strength.GENERIC, "internal error");
        sentence(Category.SERVICE_ERROR, Strength.GENERIC, "unrecoverable data loss or corruption");
    }

    private void sentence(Category category, Strength strength, String words) {
        enter(words, new Meaning(category, strength));
    }

    private void put(Category category, Strength strength, String list) {
        for (String word : list.strip().split("\\s+", -1)) {
            enter(word, new Meaning(category, strength));
        }
    }

    private void enter(String word, Meaning meaning) {
        if (words.put(CodeBook.normal(word), meaning) != null) {
            throw new IllegalStateException("two meanings for the code " + word);
        }
    }
}

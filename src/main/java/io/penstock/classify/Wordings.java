package io.penstock.classify;

import java.util.List;
import java.util.Set;

/** The wordings that count as evidence without a rule. Statements only, never advice: "add credits" is said to anyone. */
final class Wordings {

    /** Money or a long window is used up. Comes with any status but those that speak of the request's size or target. */
    static final WordingLayer QUOTA = new WordingLayer(
            Category.QUOTA_EXHAUSTED,
            status -> !Set.of(404, 408, 413, 422).contains(status),
            List.of(
                    "credit balance is too low",
                    "exceeded your current quota",
                    "insufficient credit",
                    "insufficient balance",
                    "insufficient quota",
                    "insufficient funds",
                    "insufficient account balance",
                    "insufficient paid balance",
                    "balance is insufficient",
                    "balance is not enough",
                    "quota is not enough",
                    "overdue balance",
                    "prepayment credits are depleted",
                    "free allocated quota exceeded",
                    "daily free allocation",
                    "crossed budget",
                    "monthly spending cap",
                    "usage limit for this billing cycle",
                    "usage limit has been reached",
                    "exceeded your monthly included credits",
                    "no credits remaining",
                    "no remaining credits",
                    "run out of credit",
                    "out of credits",
                    "used all available credits",
                    "used all of your credits",
                    "requires more credits",
                    "credit limit exceeded",
                    "key limit exceeded",
                    "maximum billing reached",
                    "billing hard limit",
                    "billing is not active",
                    "requires billing to be enabled",
                    "free tier is not available",
                    "monthly spending limit",
                    "reached its spending limit",
                    "reached your spending limit",
                    "api usage limits",
                    "budget has been exceeded",
                    "out of call volume quota",
                    "余额不足",
                    "额度不足",
                    "额度已用尽",
                    "额度已用完",
                    "额度已耗尽",
                    "配额不足",
                    "欠费"));

    /** A day's or a month's window, where a limit is what the failure is about. */
    static final WordingLayer LONG_WINDOW = new WordingLayer(
            Category.QUOTA_EXHAUSTED,
            status -> status == 0 || status == 429 || status == 402,
            List.of(
                    "per day",
                    "-per-day",
                    "per_day",
                    "/ day",
                    "/ month",
                    "per month",
                    "daily limit",
                    "daily quota",
                    "daily rate limit",
                    "bymodelbyday",
                    "per 86400s",
                    "weekly limit",
                    "daily usage limit",
                    "weekly usage limit",
                    "monthly usage limit",
                    "monthly limit",
                    "monthly quota",
                    "monthly usage cap",
                    "今日调用次数",
                    "每周使用上限",
                    "每日限额",
                    "quota exhausted"));

    /** Weaker wordings, which make a 503 an overload rather than a fault. */
    static final WordingLayer UNAVAILABLE = new WordingLayer(
            Category.OVERLOADED, status -> status == 503, List.of("unavailable", "capacity", "busy", "loading"));

    /** What a 404 missed. */
    static final WordingLayer MODEL =
            new WordingLayer(Category.MODEL_NOT_FOUND, status -> status == 404, List.of("model", "deployment"));

    private Wordings() {}
}

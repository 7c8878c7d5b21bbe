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
                    "no credits remaining",
                    "no remaining credits",
                    "run out of credit",
                    "out of credits",
                    "used all available credits",
                    "used all of your credits",
                    "requires more credits",
                    "credit limit exceeded",
                    "maximum billing reached",
                    "billing hard limit",
                    "billing is not active",
                    "monthly spending limit",
                    "reached its spending limit",
                    "reached your spending limit",
                    "specified api usage limits",
                    "budget has been exceeded",
                    "out of call volume quota",
                    "余额不足",
                    "额度不足",
                    "已欠费"));

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
                    "weekly limit",
                    "daily usage limit",
                    "weekly usage limit",
                    "monthly usage limit",
                    "monthly limit",
                    "monthly quota",
                    "quota exhausted"));

    /** Weaker wordings, which make a 503 an overload rather than a fault. */
    static final WordingLayer UNAVAILABLE = new WordingLayer(
            Category.OVERLOADED, status -> status == 503, List.of("unavailable", "capacity", "busy", "loading"));

    /** What a 404 missed. */
    static final WordingLayer MODEL =
            new WordingLayer(Category.MODEL_NOT_FOUND, status -> status == 404, List.of("model", "deployment"));

    private Wordings() {}
}

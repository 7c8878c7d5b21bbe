package io.penstock.dialect;

import org.jspecify.annotations.Nullable;

/** An observer whose findings stand in an {@link AnswerState}. */
interface StatefulObserver extends AnswerObserver {
    AnswerState state();

    @Override
    default boolean contentSeen() {
        return state().contentSeen();
    }

    @Override
    default @Nullable ProviderError error() {
        return state().error();
    }

    @Override
    default TokenUsage usage() {
        return state().usage();
    }

    @Override
    default @Nullable String modelServed() {
        return state().model();
    }

    @Override
    default @Nullable String finishReason() {
        return state().finishReason();
    }
}

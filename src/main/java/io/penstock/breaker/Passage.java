package io.penstock.breaker;

import org.jspecify.annotations.Nullable;

/**
 * Leave to call an upstream once for one model: a permit of each circuit that covers the call. Ended on every path, like a
 * {@link Permit}, by exactly one of its methods other than {@link #answered}; further ends do nothing.
 */
public final class Passage {
    /** Leave that no circuit gave, and that tells none how the call ended. */
    public static final Passage UNGUARDED = new Passage(null, null);

    private final @Nullable Permit upstream;
    private final @Nullable Permit model;

    Passage(@Nullable Permit upstream, @Nullable Permit model) {
        this.upstream = upstream;
        this.model = model;
    }

    /** The answer has begun with content: see {@link Permit#answered}. */
    public void answered() {
        if (upstream != null) {
            upstream.answered();
        }
        if (model != null) {
            model.answered();
        }
    }

    /** The upstream is well, and so is the model. */
    public void succeeded() {
        if (upstream != null) {
            upstream.succeeded();
        }
        if (model != null) {
            model.succeeded();
        }
    }

    /** The call failed by the upstream's fault, whatever the model; {@code cause} is the category's name. */
    public void upstreamFailed(String cause) {
        if (upstream != null) {
            upstream.failed(cause);
        }
        if (model != null) {
            model.abandoned();
        }
    }

    /** The upstream answered that this model cannot be served now; {@code cause} is the category's name. */
    public void modelFailed(String cause) {
        if (upstream != null) {
            upstream.succeeded();
        }
        if (model != null) {
            model.failed(cause);
        }
    }

    /** The call was given up before it told anything: see {@link Permit#abandoned}. */
    public void abandoned() {
        if (upstream != null) {
            upstream.abandoned();
        }
        if (model != null) {
            model.abandoned();
        }
    }
}

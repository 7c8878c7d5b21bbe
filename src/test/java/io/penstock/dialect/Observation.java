package io.penstock.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that an observer knows at one moment. */
record Observation(
        boolean contentSeen,
        boolean complete,
        @Nullable ProviderError error,
        TokenUsage usage,
        @Nullable String model,
        @Nullable String finishReason,
        long frames) {

    static Observation of(AnswerObserver observer) {
        return new Observation(
                observer.contentSeen(),
                observer.complete(),
                observer.error(),
                observer.usage(),
                observer.modelServed(),
                observer.finishReason(),
                observer.frames());
    }

    static Observation ofWhole(AnswerObserver observer, byte[] bytes) {
        return ofChunks(observer, List.of(bytes));
    }

    static Observation ofChunks(AnswerObserver observer, List<byte[]> chunks) {
        for (byte[] chunk : chunks) {
            observer.feed(chunk, 0, chunk.length);
        }
        observer.end();
        return of(observer);
    }
}

package io.penstock.dialect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Ways to cut bytes into chunks. */
final class Chunks {
    private Chunks() {}

    /** Sizes that are used one after the other, again and again, until the bytes are used up. */
    static Arbitrary<List<Integer>> sizes() {
        return Arbitraries.oneOf(
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(1, 40),
                        Arbitraries.integers().between(1, 5_000))
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    static List<byte[]> cut(byte[] bytes, List<Integer> sizes) {
        List<byte[]> chunks = new ArrayList<>();
        int at = 0;
        for (int i = 0; at < bytes.length; i++) {
            int end = Math.min(bytes.length, at + sizes.get(i % sizes.size()));
            chunks.add(Arrays.copyOfRange(bytes, at, end));
            at = end;
        }
        return chunks;
    }
}

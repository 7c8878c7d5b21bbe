package io.penstock.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.classify.Category;
import io.penstock.classify.Phase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryStoreTest {
    private final AtomicInteger capacity = new AtomicInteger(100);
    private final MemoryStore store = new MemoryStore(capacity::get, Runnable::run);

    @Test
    void findsNewestFirst() {
        append(1, 2, 3);

        assertThat(ids(find(Map.of("limit", "10")))).containsExactly(Sample.id(3), Sample.id(2), Sample.id(1));
    }

    @Test
    void pagesCoverEverythingOnceWhileNewOnesArrive() {
        append(IntStream.rangeClosed(1, 7).toArray());

        InterceptionStore.Page first = find(Map.of("limit", "3"));
        append(8, 9);
        InterceptionStore.Page second =
                find(Map.of("limit", "3", "cursor", first.next().orElseThrow()));
        append(10);
        InterceptionStore.Page third =
                find(Map.of("limit", "3", "cursor", second.next().orElseThrow()));

        assertThat(ids(first)).containsExactly(Sample.id(7), Sample.id(6), Sample.id(5));
        assertThat(ids(second)).containsExactly(Sample.id(4), Sample.id(3), Sample.id(2));
        assertThat(ids(third)).containsExactly(Sample.id(1));
        assertThat(third.next()).isEmpty();
    }

    @Test
    void pageThatEndsWithTheLastMatchHasNoNext() {
        append(1, 2, 3);

        assertThat(find(Map.of("limit", "3")).next()).isEmpty();
    }

    @Test
    void cursorOutlivesTheInterceptionItNames() {
        append(1, 2, 3);
        String cursor = find(Map.of("limit", "2")).next().orElseThrow();
        capacity.set(2);
        append(4);

        assertThat(ids(find(Map.of("limit", "2", "cursor", cursor)))).isEmpty();
        assertThat(ids(find(Map.of("limit", "2")))).containsExactly(Sample.id(4), Sample.id(3));
    }

    @Test
    void forgetsThoseThatEndedFirstHoweverLongTheyTook() {
        capacity.set(2);
        append(5, 6);

        append(1);

        assertThat(ids(find(Map.of("limit", "10")))).containsExactly(Sample.id(6), Sample.id(1));
        assertThat(byId(Sample.id(5))).isEmpty();
        assertThat(byId(Sample.id(1))).isPresent();
    }

    @Test
    void sameInterceptionTwiceIsKeptOnce() {
        capacity.set(2);

        append(1, 1, 2);

        assertThat(ids(find(Map.of("limit", "10")))).containsExactly(Sample.id(2), Sample.id(1));
    }

    @Test
    void smallerCapacityTakesEffectWithTheNextInterception() {
        append(IntStream.rangeClosed(1, 50).toArray());

        capacity.set(10);
        append(51);

        assertThat(find(Map.of("limit", "100")).interceptions()).hasSize(10);
    }

    @Test
    void threadIsOldestFirst() {
        append(List.of(
                Sample.interception(2).thread("a").build(),
                Sample.interception(1).thread("a").build(),
                Sample.interception(3).thread("b").build()));

        assertThat(store.thread("a").await().indefinitely())
                .extracting(Interception::id)
                .containsExactly(Sample.id(1), Sample.id(2));
        assertThat(store.thread("c").await().indefinitely()).isEmpty();
    }

    @Test
    void everyFilterNarrows() {
        append(List.of(
                Sample.interception(1)
                        .session("s1")
                        .attempt("primary", "first", null, 200)
                        .build(),
                Sample.interception(2)
                        .thread("thread-2")
                        .attempt("azure", "first", Category.OVERLOADED, 529)
                        .failed(Category.OVERLOADED, Phase.PRE_COMMIT, "busy")
                        .build(),
                Sample.interception(3).models("claude", null).canceled().build()));

        assertThat(matched("error_type", "overloaded")).containsExactly(2);
        assertThat(matched("error_type", "timeout")).isEmpty();
        assertThat(matched("category", "overloaded")).containsExactly(2);
        assertThat(matched("outcome", "canceled")).containsExactly(3);
        assertThat(matched("upstream", "azure")).containsExactly(2);
        assertThat(matched("model", "gpt-5")).containsExactly(2, 1);
        assertThat(matched("model", "gpt-5-2026")).containsExactly(2, 1);
        assertThat(matched("thread_id", "thread-2")).containsExactly(2);
        assertThat(matched("session_id", "s1")).containsExactly(1);
    }

    @Test
    void sinceIsInclusiveAndUntilExclusive() {
        append(1, 2, 3);
        String second = Sample.START.plusSeconds(2).toString();

        assertThat(ids(find(Map.of("since", second)))).containsExactly(Sample.id(3), Sample.id(2));
        assertThat(ids(find(Map.of("until", second)))).containsExactly(Sample.id(1));
        assertThat(ids(find(Map.of("since", second, "until", second)))).isEmpty();
    }

    @Test
    void filteredPagesSkipWhatDoesNotMatch() {
        append(IntStream.rangeClosed(1, 20)
                .mapToObj(n -> Sample.interception(n).thread(n % 5 == 0 ? "wanted" : "other"))
                .map(Sample::build)
                .toList());

        InterceptionStore.Page first = find(Map.of("thread_id", "wanted", "limit", "3"));
        InterceptionStore.Page second = find(Map.of(
                "thread_id", "wanted", "limit", "3", "cursor", first.next().orElseThrow()));

        assertThat(List.of(first, second))
                .extracting(MemoryStoreTest::numbers, page -> page.next().isPresent())
                .containsExactly(tuple(List.of(20, 15, 10), true), tuple(List.of(5), false));
    }

    private void append(int... numbers) {
        append(IntStream.of(numbers)
                .mapToObj(n -> Sample.interception(n).build())
                .toList());
    }

    private void append(List<Interception> batch) {
        store.append(batch).await().indefinitely();
    }

    private Optional<Interception> byId(UUID id) {
        return store.byId(id).await().indefinitely();
    }

    private List<Integer> matched(String parameter, String value) {
        return numbers(find(Map.of(parameter, value)));
    }

    private InterceptionStore.Page find(Map<String, String> wanted) {
        return store.find(new InterceptionQuery(
                        Optional.ofNullable(wanted.get("error_type")),
                        Optional.ofNullable(wanted.get("category")),
                        Optional.ofNullable(wanted.get("outcome")),
                        Optional.ofNullable(wanted.get("upstream")),
                        Optional.ofNullable(wanted.get("model")),
                        Optional.ofNullable(wanted.get("thread_id")),
                        Optional.ofNullable(wanted.get("session_id")),
                        Optional.ofNullable(wanted.get("since")).map(Instant::parse),
                        Optional.ofNullable(wanted.get("until")).map(Instant::parse),
                        Integer.parseInt(wanted.getOrDefault("limit", "10")),
                        Optional.ofNullable(wanted.get("cursor"))))
                .await()
                .indefinitely();
    }

    private static List<UUID> ids(InterceptionStore.Page page) {
        return page.interceptions().stream().map(Interception::id).toList();
    }

    private static List<Integer> numbers(InterceptionStore.Page page) {
        return page.interceptions().stream()
                .map(i -> (int) i.id().getLeastSignificantBits())
                .toList();
    }
}

package io.penstock.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InterceptionIdsTest {

    @Test
    void idsAreDistinctAndSortByTheTimeTheyWereMade() {
        InterceptionIds ids = new InterceptionIds();

        List<UUID> made = Stream.generate(ids::next).limit(10_000).toList();

        assertThat(made).doesNotHaveDuplicates().isSorted().allMatch(id -> id.version() == 7 && id.variant() == 2);
    }
}

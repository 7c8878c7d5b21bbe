package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.classify.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReactionTableTest {

    @Test
    void theDocumentationHasTheTableOfTheProgram() throws IOException {
        assertThat(Files.readString(Path.of("docs/errors.md"))).contains(ReactionTable.of(Category.builtIn()));
    }

    @Test
    void theTableHasEveryCategory() {
        assertThat(ReactionTable.of(Category.builtIn()).lines())
                .hasSize(Category.builtIn().size() + 2);
    }
}

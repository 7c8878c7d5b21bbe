package io.penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.policy.UpstreamPolicy.CredentialsPolicy;
import io.penstock.policy.UpstreamPolicy.SecretRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeySourcesTest {
    private final Path dir;

    KeySourcesTest(@TempDir Path dir) {
        this.dir = dir;
    }

    @Test
    void findsANewKeyInAFileOfTheSameSizeAndAge() throws IOException {
        Path file = Files.writeString(dir.resolve("a"), "sk-first-0123456789");
        FileTime age = Files.getLastModifiedTime(file);
        KeySources sources = sources(file);
        assertThat(sources.changed()).isFalse();

        Files.writeString(file, "sk-other-0123456789");
        Files.setLastModifiedTime(file, age);

        assertThat(sources.changed()).isTrue();
        assertThat(sources.keys()).extracting(StoredKey::key).containsExactly(new ApiKey("sk-other-0123456789"));
        assertThat(sources.changed()).isFalse();
    }

    @Test
    void followsTheSymlinkAboveAMountedSecret() throws IOException {
        // As the kubelet does it: key -> ..data/key, ..data -> ..2026, and the swap replaces ..data in one step.
        Files.writeString(Files.createDirectory(dir.resolve("..2026_1")).resolve("key"), "sk-first-0123456789");
        Files.writeString(Files.createDirectory(dir.resolve("..2026_2")).resolve("key"), "sk-other-0123456789");
        Files.createSymbolicLink(dir.resolve("..data"), Path.of("..2026_1"));
        Path key = Files.createSymbolicLink(dir.resolve("key"), Path.of("..data/key"));
        KeySources sources = sources(key);

        Files.createSymbolicLink(dir.resolve("..data_tmp"), Path.of("..2026_2"));
        Files.move(dir.resolve("..data_tmp"), dir.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

        assertThat(sources.changed()).isTrue();
        assertThat(sources.keys().get(0).key()).isEqualTo(new ApiKey("sk-other-0123456789"));
    }

    @Test
    void keepsTheLastKeyWhileAFileIsMissingOrHoldsNone() throws IOException {
        Path file = Files.writeString(dir.resolve("a"), "sk-first-0123456789");
        KeySources sources = sources(file);

        Files.delete(file);
        assertThat(sources.changed()).isFalse();
        Files.writeString(file, "two\nlines");
        assertThat(sources.changed()).isFalse();
        assertThat(sources.keys().get(0).key()).isEqualTo(new ApiKey("sk-first-0123456789"));

        Files.writeString(file, "sk-other-0123456789\n");
        assertThat(sources.changed()).isTrue();
    }

    @Test
    void givesAPoolTheKeyThatReplacesARejectedOne() throws IOException {
        Path rejected = Files.writeString(dir.resolve("a"), "sk-first-0123456789");
        Path kept = Files.writeString(dir.resolve("b"), "sk-second-0123456789");
        KeyPool pool = Objects.requireNonNull(KeyPool.of(
                TestPolicy.of("https://x.example")
                        .credentials(new CredentialsPolicy.Keys(
                                List.of(new SecretRef.File(rejected), new SecretRef.File(kept))))
                        .upstream(),
                System::nanoTime));
        pool.failed(pool.lend(null, Set.of()).orElseThrow(), Failures.rejected(), null);
        pool.failed(pool.lend(null, Set.of()).orElseThrow(), Failures.exhausted(null), null);
        assertThat(pool.lend(null, Set.of())).isEmpty();

        Files.writeString(rejected, "sk-third-0123456789");
        pool.reread();

        assertThat(pool.statuses()).extracting(KeyStatus::state).containsExactly(KeyState.READY, KeyState.EXHAUSTED);
        assertThat(pool.lend(null, Set.of())).map(KeyLoan::key).hasValue(new ApiKey("sk-third-0123456789"));
    }

    @Test
    void hasNoPoolWhereThePolicyNamesNoKeys() {
        TestPolicy policy = TestPolicy.of("https://x.example");
        assertThat(KeyPool.of(policy.upstream(), System::nanoTime)).isNull();
        assertThat(KeyPool.of(policy.credentials(new CredentialsPolicy.None()).upstream(), System::nanoTime))
                .isNull();
    }

    private static KeySources sources(Path file) {
        return new KeySources("primary", new CredentialsPolicy.Keys(List.of(new SecretRef.File(file))));
    }
}

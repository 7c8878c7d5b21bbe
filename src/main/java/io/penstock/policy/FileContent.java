package io.penstock.policy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What came of reading a small file. */
public sealed interface FileContent {

    /** The largest policy file, the size up to which Kubernetes takes a ConfigMap. */
    int LARGEST_POLICY = 1 << 20;

    /** The whole content. No record, since an array is neither immutable nor comparable. */
    final class Found implements FileContent {
        private final byte[] bytes;

        private Found(byte[] bytes) {
            this.bytes = bytes;
        }

        public byte[] bytes() {
            return bytes.clone();
        }
    }

    /**
     * There is nothing to use.
     *
     * @param why in words that follow the file's name, with the cure
     * @param absent whether the file does not exist
     */
    record Unusable(String why, boolean absent) implements FileContent {}

    /** Reads the whole file into memory, but never more than {@code most} bytes. */
    static FileContent of(Path path, int most) {
        if (Files.isDirectory(path)) {
            return new Unusable("is a directory: name a file in it", false);
        }
        try (InputStream in = Files.newInputStream(path)) {
            return of(in, most);
        } catch (NoSuchFileException e) {
            return new Unusable("does not exist: check the path, and whether the volume is mounted", true);
        } catch (AccessDeniedException e) {
            return new Unusable("cannot be read: let the user that Penstock runs as read it", false);
        } catch (IOException e) {
            return new Unusable("cannot be read: " + e.getMessage(), false);
        }
    }

    /** Reads the stream to its end, but never more than {@code most} bytes. */
    static FileContent of(InputStream in, int most) {
        try {
            byte[] bytes = in.readNBytes(most + 1);
            return bytes.length > most
                    ? new Unusable("is larger than " + (most >> 10) + " KiB: is it the right file?", false)
                    : new Found(bytes);
        } catch (IOException e) {
            return new Unusable("cannot be read: " + e.getMessage(), false);
        }
    }
}

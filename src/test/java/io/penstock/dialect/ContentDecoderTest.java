package io.penstock.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ContentDecoderTest {
    private static final byte[] GZIP_HEADER = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, 0};

    @Test
    void readsWhatIsNotCoded() {
        assertThat(decode(null, bytes("abc"))).isEqualTo("abc");
        assertThat(decode("identity", bytes("abc"))).isEqualTo("abc");
        assertThat(decode("", bytes("abc"))).isEqualTo("abc");
    }

    @Test
    void readsGzipWhateverTheCaseOfItsName() {
        assertThat(decode("GZip", gzip("abc"))).isEqualTo("abc");
        assertThat(decode("x-gzip", gzip("abc"))).isEqualTo("abc");
    }

    @Test
    void readsGzipMembersInARowAndPassesOverPadding() {
        assertThat(decode("gzip", join(gzip("abc"), gzip(""), gzip("def"), new byte[30])))
                .isEqualTo("abcdef");
    }

    @Test
    void readsAGzipHeaderWithEveryPart() {
        assertThat(decode("gzip", join(gzipWithAllParts("abc"), gzipWithAllParts("def"))))
                .isEqualTo("abcdef");
    }

    @Test
    void readsDeflateInItsWrappingAndBare() {
        assertThat(decode("deflate", deflate("hello hello hello", false))).isEqualTo("hello hello hello");
        assertThat(decode("deflate", deflate("hello hello hello", true))).isEqualTo("hello hello hello");
    }

    @Test
    void doesNotReadCodingsItDoesNotKnow() {
        for (String coding : List.of("br", "zstd", "gzip, br", "compress", "ungzip")) {
            try (ContentDecoder decoder = ContentDecoder.of(coding)) {
                assertThat(decoder.readable()).as(coding).isFalse();
                byte[] some = bytes("abc");
                decoder.feed(some, 0, some.length, (b, o, l) -> {
                    throw new AssertionError("nothing can be read");
                });
            }
        }
    }

    @Test
    void becomesUnreadableOnGarbageAndKeepsWhatCameBefore() {
        byte[] reservedBlockType = {7};
        byte[] broken = join(gzip("hello"), GZIP_HEADER, reservedBlockType, new byte[20]);
        StringBuilder decoded = new StringBuilder();
        try (ContentDecoder decoder = ContentDecoder.of("gzip")) {
            decoder.feed(broken, 0, broken.length, (b, o, l) -> decoded.append(new String(b, o, l, UTF_8)));
            assertThat(decoder.readable()).isFalse();
            assertThat(decoder.overflowed()).isFalse();
        }
        assertThat(decoded).hasToString("hello");
        try (ContentDecoder decoder = ContentDecoder.of("gzip")) {
            byte[] html = bytes("<html>");
            decoder.feed(html, 0, html.length, (b, o, l) -> {});
            assertThat(decoder.readable()).isFalse();
        }
    }

    @Test
    void stopsAtABomb() {
        byte[] bomb = gzip("0".repeat(5_000_000));
        long[] seen = new long[1];
        try (ContentDecoder decoder = ContentDecoder.of("gzip", 100_000)) {
            decoder.feed(bomb, 0, bomb.length, (b, o, l) -> seen[0] += l);
            assertThat(decoder.overflowed()).isTrue();
            assertThat(decoder.readable()).isFalse();
        }
        assertThat(seen[0]).isBetween(80_000L, 100_000L);
    }

    @Test
    void handsOutBoundedPieces() {
        byte[] coded = gzip("0".repeat(1_000_000));
        try (ContentDecoder decoder = ContentDecoder.of("gzip")) {
            decoder.feed(coded, 0, coded.length, (b, o, l) -> assertThat(l).isLessThanOrEqualTo(8_192));
        }
    }

    @Test
    void decodesAsSoonAsTheServerHasFlushed() throws IOException {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        StringBuilder decoded = new StringBuilder();
        try (ContentDecoder decoder = ContentDecoder.of("gzip");
                GZIPOutputStream gzip = new GZIPOutputStream(coded, true)) {
            for (String frame : List.of("data: 1\n\n", "data: 2\n\n")) {
                gzip.write(bytes(frame));
                gzip.flush();
                byte[] chunk = coded.toByteArray();
                coded.reset();
                decoder.feed(chunk, 0, chunk.length, (b, o, l) -> decoded.append(new String(b, o, l, UTF_8)));
                assertThat(decoded).endsWith(frame);
            }
        }
    }

    @Test
    void readsNothingAfterItWasClosedEvenByItsSink() {
        byte[] coded = gzip("0".repeat(100_000));
        ContentDecoder decoder = ContentDecoder.of("gzip");
        int[] pieces = new int[1];

        decoder.feed(coded, 0, coded.length, (b, o, l) -> {
            pieces[0]++;
            decoder.close();
        });
        decoder.feed(coded, 0, coded.length, (b, o, l) -> pieces[0]++);
        decoder.close();

        assertThat(pieces[0]).isEqualTo(1);
        assertThat(decoder.readable()).isFalse();
    }

    @Property(tries = 300)
    void decodesTheSameWhateverTheChunks(
            @ForAll("texts") String text, @ForAll("codings") String coding, @ForAll("sizes") List<Integer> sizes) {
        byte[] coded =
                switch (coding) {
                    case "gzip" -> join(gzip(text), gzipWithAllParts(text));
                    case "deflate" -> deflate(text, sizes.size() % 2 == 0);
                    default -> bytes(text);
                };
        String expected = coding.equals("gzip") ? text + text : text;

        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        try (ContentDecoder decoder = ContentDecoder.of(coding)) {
            for (byte[] chunk : Chunks.cut(coded, sizes)) {
                decoder.feed(chunk, 0, chunk.length, decoded::write);
            }
            assertThat(decoder.readable()).isTrue();
        }
        assertThat(decoded.toString(UTF_8)).isEqualTo(expected);
    }

    @Property(tries = 300)
    void neverThrowsOnGarbage(@ForAll byte[] garbage, @ForAll("codings") String coding, @ForAll boolean afterAHeader) {
        byte[] fed = afterAHeader ? join(GZIP_HEADER, garbage) : garbage;
        long[] seen = new long[1];
        try (ContentDecoder decoder = ContentDecoder.of(coding, 10_000)) {
            decoder.feed(fed, 0, fed.length, (b, o, l) -> seen[0] += l);
        }
        assertThat(seen[0]).isLessThanOrEqualTo(Math.max(10_000, fed.length));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "bc", "data: {}\n\n", "é😀", "0123456789".repeat(300))
                .list()
                .ofMaxSize(20)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> codings() {
        return Arbitraries.of("gzip", "deflate", "identity");
    }

    @Provide
    Arbitrary<List<Integer>> sizes() {
        return Chunks.sizes();
    }

    private static String decode(@Nullable String coding, byte[] coded) {
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        try (ContentDecoder decoder = ContentDecoder.of(coding)) {
            decoder.feed(coded, 0, coded.length, decoded::write);
            assertThat(decoder.readable()).isTrue();
        }
        return decoded.toString(UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** FHCRC, FEXTRA (with a zero byte in it), FNAME and FCOMMENT: RFC 1952 §2.3. */
    private static byte[] gzipWithAllParts(String text) {
        byte[] header = {0x1F, (byte) 0x8B, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 3, 0, 'x', 0, 'y', 'n', 0, 'c', 'c', 0
        };
        CRC32 crc = new CRC32();
        crc.update(header);
        byte[] checksum = {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)};
        return join(header, checksum, deflate(text, true), new byte[8]);
    }

    private static byte[] deflate(String text, boolean bare) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, bare);
        try (DeflaterOutputStream deflate = new DeflaterOutputStream(out, deflater)) {
            deflate.write(bytes(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}

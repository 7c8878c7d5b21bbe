package io.penstock.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SseParserTest {

    /** What is kept of an event beyond its callback. */
    record Kept(@Nullable String name, String data, boolean oversized) {
        static Kept of(SseEvent event) {
            return new Kept(event.name(), event.text(), event.oversized());
        }

        static Kept data(String data) {
            return new Kept(null, data, false);
        }
    }

    // The four examples of WHATWG HTML §9.2.6.

    @Test
    void joinsTheDataLinesOfAnEvent() {
        assertThat(parse("data: YHOO\ndata: +2\ndata: 10\n\n")).containsExactly(Kept.data("YHOO\n+2\n10"));
    }

    @Test
    void dispatchesEventsWithAndWithoutIdAndDropsTheUnfinishedOne() {
        assertThat(parse(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n"))
                .containsExactly(Kept.data("first event"), Kept.data("second event"));
    }

    @Test
    void dispatchesAnEventForEveryDataFieldWhateverItsValue() {
        assertThat(parse("data\n\ndata\ndata\n\ndata:")).containsExactly(Kept.data(""), Kept.data("\n"));
    }

    @Test
    void takesOffOneSpaceAfterTheColon() {
        assertThat(parse("data:test\n\ndata: test\n\ndata:  test\n\n"))
                .containsExactly(Kept.data("test"), Kept.data("test"), Kept.data(" test"));
    }

    @Test
    void endsLinesAtCarriageReturnLineFeedOrBoth() {
        assertThat(parse("data: a\r\rdata: b\r\n\r\ndata: c\n\ndata: d\r\n\ndata: e\n\r\n"))
                .containsExactly(Kept.data("a"), Kept.data("b"), Kept.data("c"), Kept.data("d"), Kept.data("e"));
    }

    @Test
    void dispatchesAtTheCarriageReturnWithoutWaitingForALineFeed() {
        SseParser parser = new SseParser();
        List<Kept> events = new ArrayList<>();

        feed(parser, "data: a\r\n\r", events);

        assertThat(events).containsExactly(Kept.data("a"));
        feed(parser, "\ndata: b\n\n", events);
        assertThat(events).containsExactly(Kept.data("a"), Kept.data("b"));
    }

    @Test
    void passesOverOneByteOrderMark() {
        assertThat(parse("\uFEFFdata: a\n\n")).containsExactly(Kept.data("a"));
        assertThat(parse("\uFEFF\uFEFFdata: a\n\ndata: b\n\n")).containsExactly(Kept.data("b"));
        assertThat(parse("data: a\n\n\uFEFFdata: b\n\n")).containsExactly(Kept.data("a"));
    }

    @Test
    void keepsTheLastEventNameAndForgetsItAfterTheEvent() {
        assertThat(parse("event: x\nevent: ping\ndata: 1\n\ndata: 2\n\nevent:\ndata: 3\n\n"))
                .containsExactly(new Kept("ping", "1", false), Kept.data("2"), Kept.data("3"));
    }

    @Test
    void dispatchesNothingForAnEventWithoutData() {
        assertThat(parse("event: ping\n\nid: 3\n\ndata: a\n\n")).containsExactly(Kept.data("a"));
    }

    @Test
    void ignoresFieldsItDoesNotKnow() {
        assertThat(parse("retry: 10\ndatax: 1\n data: 2\nDATA: 3\ndata: 4\n\n")).containsExactly(Kept.data("4"));
    }

    @Test
    void countsComments() {
        SseParser parser = new SseParser();

        feed(parser, ": one\n:two\ndata: x\n:\n\n: thr", new ArrayList<>());
        assertThat(parser.comments()).isEqualTo(3);
        parser.end();
        assertThat(parser.comments()).isEqualTo(4);
    }

    @Test
    void handsOutTheEventThatTheEndCutOff() {
        SseParser parser = new SseParser();
        List<Kept> events = new ArrayList<>();
        feed(parser, "data: a\n\nevent: e\ndata: b\ndata: c", events);

        SseEvent cutOff = parser.end();

        assertThat(events).containsExactly(Kept.data("a"));
        assertThat(Kept.of(Objects.requireNonNull(cutOff))).isEqualTo(new Kept("e", "b\nc", false));
    }

    @Test
    void endsWithNothingWhereNothingWasCutOff() {
        SseParser parser = new SseParser();
        feed(parser, "data: a\n\n", new ArrayList<>());

        assertThat(parser.end()).isNull();
    }

    @Test
    void dropsAnEventThatIsTooLargeAndGoesOn() {
        String large = "x".repeat(FrameParser.MAX_FRAME + 1);
        String half = "y".repeat(FrameParser.MAX_FRAME / 2 + 1);

        assertThat(parse("event: e\ndata: " + large + "\n\ndata: a\n\n"))
                .containsExactly(new Kept("e", "", true), Kept.data("a"));
        assertThat(parse("data: " + half + "\ndata: " + half + "\ndata: z\n\ndata: a\n\n"))
                .containsExactly(new Kept(null, "", true), Kept.data("a"));
    }

    @Test
    void boundsALineThatNeverEnds() {
        SseParser parser = new SseParser();
        List<Kept> events = new ArrayList<>();
        byte[] chunk = "x".repeat(100_000).getBytes(UTF_8);
        feed(parser, "data: a\n\ndata: ", events);
        for (int i = 0; i < 50; i++) {
            parser.feed(chunk, 0, chunk.length, event -> events.add(Kept.of(event)));
        }

        feed(parser, "\n\n:" + "c".repeat(2_000_000), events);
        feed(parser, "c\ndata: b\n\n", events);

        assertThat(events).containsExactly(Kept.data("a"), new Kept(null, "", true), Kept.data("b"));
        assertThat(parser.comments()).isEqualTo(1);
    }

    @Property
    void givesTheEventsOfTheRulesWhateverTheChunks(
            @ForAll("streams") String stream, @ForAll("sizes") List<Integer> sizes) {
        SseParser parser = new SseParser();
        List<Kept> events = new ArrayList<>();
        for (byte[] chunk : Chunks.cut(stream.getBytes(UTF_8), sizes)) {
            byte[] inTheMiddle = new byte[chunk.length + 4];
            System.arraycopy(chunk, 0, inTheMiddle, 2, chunk.length);
            parser.feed(inTheMiddle, 2, chunk.length, event -> events.add(Kept.of(event)));
            Arrays.fill(inTheMiddle, (byte) '!');
        }

        assertThat(events).isEqualTo(byTheRules(stream));
    }

    @Provide
    Arbitrary<String> streams() {
        return Arbitraries.of(
                        "data",
                        "event",
                        "id",
                        "retry",
                        ":",
                        ": ",
                        " ",
                        "\n",
                        "\n\n",
                        "\r",
                        "\r\n",
                        "\r\n\r\n",
                        "x",
                        "{}",
                        "é",
                        "漢",
                        "😀",
                        "\uFEFF",
                        "data: ",
                        "data:",
                        "event: ping\n",
                        "\u2028",
                        "\0")
                .list()
                .ofMaxSize(60)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<List<Integer>> sizes() {
        return Chunks.sizes();
    }

    /** The standard's text, as plainly as possible, over the whole stream at once. */
    private static List<Kept> byTheRules(String whole) {
        List<Kept> events = new ArrayList<>();
        String stream = whole.startsWith("\uFEFF") ? whole.substring(1) : whole;
        List<String> lines = new ArrayList<>(List.of(stream.split("\r\n|\n|\r", -1)));
        lines.remove(lines.size() - 1); // it has no line end
        StringBuilder data = new StringBuilder();
        String name = "";
        for (String line : lines) {
            if (line.isEmpty()) {
                if (data.length() > 0) {
                    data.setLength(data.length() - 1);
                    events.add(new Kept(name.isEmpty() ? null : name, data.toString(), false));
                }
                data.setLength(0);
                name = "";
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            if (field.equals("data")) {
                data.append(value).append('\n');
            } else if (field.equals("event")) {
                name = value;
            }
        }
        return events;
    }

    private static List<Kept> parse(String stream) {
        List<Kept> events = new ArrayList<>();
        feed(new SseParser(), stream, events);
        return events;
    }

    private static void feed(SseParser parser, String text, List<Kept> events) {
        byte[] bytes = text.getBytes(UTF_8);
        parser.feed(bytes, 0, bytes.length, event -> events.add(Kept.of(event)));
    }
}

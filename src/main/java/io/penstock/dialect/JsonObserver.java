package io.penstock.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import io.penstock.dialect.JsonShape.Mark;
import java.io.IOException;

/**
 * Watches a JSON body go by in chunks: one document, or an array of them (Gemini streams so without {@code alt=sse}). Broken
 * JSON ends the watching, not the answer.
 */
final class JsonObserver implements StatefulObserver {
    /** What is kept of a document, for the case that it is an error. */
    private static final int MAX_CAPTURE = 64 * 1024;

    private static final byte[] NEW_LINE = {'\n'};

    private final AnswerState state = new AnswerState();
    private final AnswerProtocol protocol;
    private final JsonWalk walk;
    private final StringClipper clipper = new StringClipper();
    private final GrowingBytes capture = new GrowingBytes(MAX_CAPTURE);
    private final JsonParser parser;
    private final ByteArrayFeeder feeder;
    /** How many bytes the parser was fed before the run it is reading. */
    private long fedBefore;
    /** Where in the present chunk the bytes begin that are not captured yet. */
    private int captureFrom;

    private boolean array;
    private long elements;
    private boolean begun;
    private boolean broken;
    private boolean whole;

    JsonObserver(AnswerProtocol protocol) {
        this.protocol = protocol;
        this.walk = new JsonWalk(protocol.shape(), state);
        try {
            this.parser = Json.factory().createNonBlockingByteArrayParser();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        this.feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
    }

    @Override
    public void feed(byte[] bytes, int offset, int length) {
        if (broken) {
            return;
        }
        captureFrom = offset;
        clipper.feed(bytes, offset, length, this::parse);
        if (!broken) {
            // A picture is one string of megabytes, which the parser tells of at its end only.
            if (clipper.cutting() && walk.due() == Mark.OUTPUT) {
                state.outputUnderWay();
            }
            capture.appendWhatFits(bytes, captureFrom, offset + length - captureFrom);
        }
    }

    @Override
    public void end() {
        boolean wasBroken = broken;
        // White space ends a number or a literal that stands alone, and breaks a string that was cut off.
        feed(NEW_LINE, 0, 1);
        whole = wasBroken || (!broken && walk.depth() == 0);
    }

    private void parse(byte[] bytes, int from, int to) {
        if (broken) {
            return;
        }
        try {
            feeder.feedInput(bytes, from, to);
            for (JsonToken token = parser.nextToken(); token != JsonToken.NOT_AVAILABLE; token = parser.nextToken()) {
                begun = true;
                accept(token, bytes, from);
            }
            fedBefore += to - from;
        } catch (IOException notJson) {
            begun = true;
            broken = true;
            capture.clear();
            state.beginDocument();
        }
    }

    private void accept(JsonToken token, byte[] bytes, int runStart) throws IOException {
        if (walk.depth() == 0) {
            array = token == JsonToken.START_ARRAY;
        }
        walk.accept(token, parser);
        boolean opened = token == JsonToken.FIELD_NAME || token.isStructStart();
        boolean element = array && walk.depth() == 1;
        boolean root = walk.depth() == 0 && (!array || elements == 0);
        if (!opened && (element || root)) {
            elements += element ? 1 : 0;
            endDocument(bytes, runStart);
        }
    }

    private void endDocument(byte[] bytes, int runStart) {
        int documentEnd = runStart + (int) (parser.currentLocation().getByteOffset() - fedBefore);
        capture.appendWhatFits(bytes, captureFrom, documentEnd - captureFrom);
        captureFrom = documentEnd;
        int start = 0;
        while (start < capture.length() && isSeparator(capture.array()[start])) {
            start++;
        }
        state.endDocument(protocol.kindOf(null, state), capture.array(), start, capture.length() - start);
        capture.clear();
    }

    /** White space, and what stands before and between the elements of an array. */
    private static boolean isSeparator(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t' || b == '[' || b == ',';
    }

    @Override
    public AnswerState state() {
        return state;
    }

    @Override
    public boolean begun() {
        return begun;
    }

    @Override
    public boolean malformed() {
        return broken;
    }

    @Override
    public boolean complete() {
        // The bracket that closes a streamed array is its terminal marker.
        return whole || (!broken && array && elements > 0 && walk.depth() == 0);
    }

    /** The elements of an array that is streamed; a single document is not a stream. */
    @Override
    public long frames() {
        return elements;
    }
}

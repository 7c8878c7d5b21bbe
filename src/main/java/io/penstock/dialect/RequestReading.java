package io.penstock.dialect;

/** What came of reading a request. */
public sealed interface RequestReading {

    RequestHead head();

    /** The request was read as far as Penstock needs it. */
    record Read(RequestHead head) implements RequestReading {}

    /**
     * The body is not the JSON object that its operation takes.
     *
     * @param head what is known all the same
     * @param message a sentence for the caller that says where, and quotes nothing of the body
     */
    record Malformed(RequestHead head, String message) implements RequestReading {}
}

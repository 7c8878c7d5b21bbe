package io.penstock.upstream;

/** Opens exchanges with one upstream. Thread-safe. */
public interface Connector {

    UpstreamCall open(UpstreamRequest request);

    /** Closes the connections, with whatever is under way on them. What is opened later gets new ones. */
    void close();
}

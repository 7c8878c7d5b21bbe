package io.penstock.upstream;

import java.util.List;

/** What may be seen of the upstreams in force. Thread-safe. */
public interface UpstreamDirectory {
    List<UpstreamStatus> statuses();
}

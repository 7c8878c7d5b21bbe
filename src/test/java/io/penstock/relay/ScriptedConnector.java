package io.penstock.relay;

import io.penstock.upstream.Connector;
import io.penstock.upstream.UpstreamCall;
import io.penstock.upstream.UpstreamRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** Plays one script per call, in order; a call for which there is none hangs, and is counted like every other. */
final class ScriptedConnector implements Connector {
    private final Queue<Script> scripts = new ArrayDeque<>();
    private final List<ScriptedCall> calls = new ArrayList<>();

    void play(Script... more) {
        scripts.addAll(List.of(more));
    }

    @Override
    public UpstreamCall open(UpstreamRequest request) {
        Script script = scripts.poll();
        ScriptedCall call = new ScriptedCall(request, script == null ? Script.HANG : script);
        calls.add(call);
        return call;
    }

    @Override
    public void close() {
        throw new IllegalStateException("nothing in a relay closes an upstream's connections");
    }

    List<ScriptedCall> calls() {
        return calls;
    }
}

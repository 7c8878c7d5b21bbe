package io.penstock.policy;

import java.util.List;

/** Told of every attempt to take a changed policy file into force. */
public interface ReloadListener {

    void loaded(Policy policy);

    void rejected(List<Problem> problems);
}

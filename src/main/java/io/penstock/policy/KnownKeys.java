package io.penstock.policy;

import java.util.List;

/** The keys that one mapping of a configuration file may hold. */
public interface KnownKeys {

    /** In the order in which they are told to people. */
    List<String> names();
}

package io.penstock.policy;

/**
 * Where records are kept.
 *
 * @param capacity how many records the memory store holds
 */
public record RecordsPolicy(Store store, int capacity) {

    /** The kinds of store. */
    public enum Store {
        MEMORY,
        FILE,
        POSTGRES
    }
}

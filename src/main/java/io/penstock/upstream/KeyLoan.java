package io.penstock.upstream;

/**
 * A key that a pool has lent for one attempt.
 *
 * @param known how much was known of the key then: what an attempt says of it counts fully only while no other has said
 *     something since
 */
public record KeyLoan(ApiKey key, long known) {}

package io.penstock.relay;

import io.vertx.core.buffer.Buffer;

/**
 * What the gate lets through: an answer, and what was held of it, which goes to the application first.
 *
 * @param held its first bytes, as they came
 * @param ended whether they are all of it
 */
record Opening(ObservedAnswer observed, Buffer held, boolean ended) {}

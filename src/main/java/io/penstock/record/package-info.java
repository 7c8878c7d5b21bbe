/**
 * The record of an interception, the recorder that takes it at its end, and the stores that keep it.
 */
@NullMarked
package io.penstock.record;

import org.jspecify.annotations.NullMarked;

/**
 * The policy file: its model, reading and validation with every problem reported at once, and reload.
 */
@NullMarked
package io.penstock.policy;

import org.jspecify.annotations.NullMarked;

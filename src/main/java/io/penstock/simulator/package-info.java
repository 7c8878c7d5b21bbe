/**
 * Scripted providers, used by {@code penstock demo} and by the tests.
 */
@NullMarked
package io.penstock.simulator;

import org.jspecify.annotations.NullMarked;

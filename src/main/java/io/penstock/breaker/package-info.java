/**
 * Circuit breakers behind permits, over SmallRye Fault Tolerance.
 */
@NullMarked
package io.penstock.breaker;

import org.jspecify.annotations.NullMarked;

/**
 * One interception: its plan of attempts, the attempt loop with backoff, budget and deadline, the commit point, and the
 * pump that carries the committed answer to the application.
 */
@NullMarked
package io.penstock.relay;

import org.jspecify.annotations.NullMarked;

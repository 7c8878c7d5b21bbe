/**
 * What a failure really is: error types, categories with their reactions, evidence, retry hints. Knows nothing of servers.
 */
@NullMarked
package io.penstock.classify;

import org.jspecify.annotations.NullMarked;

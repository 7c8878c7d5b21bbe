/**
 * Upstreams: their HTTP clients, calls, credentials.
 */
@NullMarked
package io.penstock.upstream;

import org.jspecify.annotations.NullMarked;

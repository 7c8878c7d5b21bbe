/**
 * The data plane's edge: the listener, routes, the client's side of an exchange, bounded bodies, header rules, and the
 * answers that Penstock makes itself.
 */
@NullMarked
package io.penstock.gateway;

import org.jspecify.annotations.NullMarked;

/**
 * The admin API under {@code /penstock/} and the health checks.
 */
@NullMarked
package io.penstock.admin;

import org.jspecify.annotations.NullMarked;

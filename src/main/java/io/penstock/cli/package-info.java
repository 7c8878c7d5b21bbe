/**
 * The {@code penstock} command and its sub-commands.
 */
@NullMarked
package io.penstock.cli;

import org.jspecify.annotations.NullMarked;

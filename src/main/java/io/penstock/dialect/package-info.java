/**
 * What a provider's requests, answers, stream frames and errors mean, per wire protocol. Knows nothing of servers.
 */
@NullMarked
package io.penstock.dialect;

import org.jspecify.annotations.NullMarked;

/**
 * What Penstock does in a cluster: the admission webhook that gives pods their sidecar, the keeper of the namespaces' policy
 * ConfigMaps, and the rules that redirect a pod's plain HTTP. The decision is a pure function from a pod to a result.
 */
@NullMarked
package io.penstock.injector;

import org.jspecify.annotations.NullMarked;

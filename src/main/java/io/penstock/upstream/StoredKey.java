package io.penstock.upstream;

import io.penstock.policy.UpstreamPolicy.SecretRef;

/** A key and where it was read. */
public record StoredKey(SecretRef reference, ApiKey key) {}

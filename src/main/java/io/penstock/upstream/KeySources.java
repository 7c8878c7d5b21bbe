package io.penstock.upstream;

import io.penstock.policy.UpstreamPolicy.CredentialsPolicy;
import io.penstock.policy.UpstreamPolicy.SecretRef;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Where the keys of one upstream lie, and what was there last. Files are looked at again and compared by content: a
 * mounted Secret changes by a symlink above the file, and its time stamps say nothing. Reads files, so never for an event
 * loop; used by one thread at a time.
 */
final class KeySources {
    private static final Logger LOG = Logger.getLogger(KeySources.class);

    private final String upstream;
    private final Map<SecretRef, ApiKey> last = new LinkedHashMap<>();
    private final Map<SecretRef, String> troubles = new HashMap<>();

    /**
     * Reads all keys.
     *
     * @throws RuntimeException where one cannot be read
     */
    KeySources(String upstream, CredentialsPolicy.Keys keys) {
        this.upstream = upstream;
        keys.refs().forEach(ref -> last.put(ref, Credentials.read(ref)));
    }

    /** The keys in the order of the policy. */
    List<StoredKey> keys() {
        return last.entrySet().stream()
                .map(entry -> new StoredKey(entry.getKey(), entry.getValue()))
                .toList();
    }

    /**
     * Looks at the files again. One that is no good leaves its key as it was: a Secret that is being replaced may be
     * missing for a moment, and the log tells of it once.
     *
     * @return whether any key has changed
     */
    boolean changed() {
        boolean changed = false;
        for (SecretRef ref : List.copyOf(last.keySet())) {
            if (ref instanceof SecretRef.File file) {
                changed |= changed(file);
            }
        }
        return changed;
    }

    private boolean changed(SecretRef.File file) {
        try {
            ApiKey now = Credentials.read(file);
            troubles.remove(file);
            ApiKey before = last.put(file, now);
            if (now.equals(before)) {
                return false;
            }
            LOG.infof("upstream %s has a new key from %s: %s for %s", upstream, file.path(), now, before);
            return true;
        } catch (RuntimeException e) {
            String trouble = String.valueOf(e.getMessage());
            if (!trouble.equals(troubles.put(file, trouble))) {
                LOG.warnf("upstream %s keeps the key that it had: %s", upstream, trouble);
            }
            return false;
        }
    }
}

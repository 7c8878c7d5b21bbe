package io.penstock.policy;

import io.penstock.policy.UpstreamPolicy.CredentialsPolicy;
import io.penstock.policy.UpstreamPolicy.SecretRef;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code upstreams[].credentials}. No message here shows what was found: someone may have written a key where a
 * reference to one belongs.
 */
final class CredentialsReader {
    private static final String BY_REFERENCE =
            "keys are written by reference only, such as {env: OPENAI_KEY} or {file: /var/run/penstock/keys/openai}";
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    private final References references;
    private final Path policyFile;

    CredentialsReader(References references, Path policyFile) {
        this.references = references;
        this.policyFile = policyFile;
    }

    CredentialsPolicy read(@Nullable Value credentials) {
        if (credentials == null) {
            return new CredentialsPolicy.Passthrough();
        }
        if (credentials.isList()) {
            return new CredentialsPolicy.Keys(refs(credentials));
        }
        String word = credentials.peekText().orElse("");
        if (word.equals("none")) {
            return new CredentialsPolicy.None();
        }
        if (!word.equals("passthrough")) {
            credentials.error("expected passthrough, none, or a list; " + BY_REFERENCE);
        }
        return new CredentialsPolicy.Passthrough();
    }

    private List<SecretRef> refs(Value credentials) {
        List<SecretRef> refs = new ArrayList<>();
        List<Value> elements = credentials.elements();
        if (elements.isEmpty()) {
            credentials.error("is an empty list: add a key, or write passthrough or none; " + BY_REFERENCE);
        }
        for (Value element : elements) {
            SecretRef ref = ref(element);
            if (ref != null && refs.contains(ref)) {
                element.error("refers to the same key as an element before it: remove one of them");
            } else if (ref != null) {
                refs.add(ref);
            }
        }
        return List.copyOf(refs);
    }

    private @Nullable SecretRef ref(Value element) {
        Section section = element.isMapping() ? element.section(Keys.CREDENTIAL) : null;
        Value env = section == null ? null : section.get("env");
        Value file = section == null ? null : section.get("file");
        if (env != null && file == null) {
            return variable(env);
        }
        if (file != null && env == null) {
            return file(file);
        }
        element.error("expected either env or file; " + BY_REFERENCE);
        return null;
    }

    private @Nullable SecretRef variable(Value env) {
        String name = env.peekText().orElse("");
        if (!VARIABLE.matcher(name).matches()) {
            env.error(
                    "expected the name of an environment variable (letters, digits, underscores), not the key itself");
            return null;
        }
        references.variable(name).ifPresent(trouble -> env.error("environment variable " + name + " " + trouble));
        return new SecretRef.Env(name);
    }

    private @Nullable SecretRef file(Value file) {
        Path path = FileReference.path(file, policyFile);
        if (path == null) {
            return null;
        }
        references.secretFile(path).ifPresent(trouble -> file.error("secret file " + path + " " + trouble));
        return new SecretRef.File(path);
    }
}

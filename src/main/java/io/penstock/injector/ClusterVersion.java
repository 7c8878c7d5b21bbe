package io.penstock.injector;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of the API server. */
record ClusterVersion(int major, int minor) {
    /** Feature gate SidecarContainers: beta, and on, from 1.29; before it the field is dropped and the pod would hang. */
    private static final int NATIVE_SIDECARS_SINCE = 29;

    /** What is assumed of a server that has not been asked yet: an ordinary container runs everywhere. */
    static final ClusterVersion UNKNOWN = new ClusterVersion(0, 0);

    /** Vendors append to both, such as {@code 29+}. */
    private static final Pattern NUMBER = Pattern.compile("([0-9]{1,4})(\\D.*)?");

    static Optional<ClusterVersion> of(String major, String minor) {
        Matcher first = NUMBER.matcher(major);
        Matcher second = NUMBER.matcher(minor);
        return first.matches() && second.matches()
                ? Optional.of(new ClusterVersion(Integer.parseInt(first.group(1)), Integer.parseInt(second.group(1))))
                : Optional.empty();
    }

    boolean hasNativeSidecars() {
        return major > 1 || (major == 1 && minor >= NATIVE_SIDECARS_SINCE);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}

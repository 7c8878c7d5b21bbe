package io.penstock.policy;

import io.penstock.policy.RoutePolicy.Hold;
import io.penstock.policy.UpstreamPolicy.Budget;
import io.penstock.policy.UpstreamPolicy.Circuit;
import io.penstock.policy.UpstreamPolicy.KeyRest;
import io.penstock.policy.UpstreamPolicy.Limits;
import io.penstock.policy.UpstreamPolicy.Retry;
import io.penstock.policy.UpstreamPolicy.Timeouts;
import java.time.Duration;

/** What holds where the policy file is silent. */
public final class PolicyDefaults {
    public static final Duration DEADLINE = Duration.ofMinutes(10);
    public static final long MAX_REQUEST_BYTES = 32L << 20;

    /** Some SDKs sleep as long as they are told to. */
    public static final Duration MAX_RETRY_AFTER = Duration.ofSeconds(60);

    /** No bound on the time: the time to the first content, which every upstream has, ends the hold. */
    public static final Hold HOLD = new Hold(64, 256 * 1024, null);

    public static final int PRIORITY = 1;
    public static final int WEIGHT = 1;
    public static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofSeconds(60));
    public static final Retry RETRY = new Retry(2, Duration.ofMillis(200), Duration.ofSeconds(5), new Budget(0.2, 3));
    public static final KeyRest KEY_REST =
            new KeyRest(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofHours(1));
    public static final Duration PROBE_INTERVAL = Duration.ofSeconds(5);
    public static final Circuit CIRCUIT = new Circuit(20, 0.5, Duration.ofSeconds(15), 2, null);
    public static final Limits LIMITS = new Limits(256, 512);
    public static final RecordsPolicy RECORDS = new RecordsPolicy(RecordsPolicy.Store.MEMORY, 10_000);

    private PolicyDefaults() {}
}

package io.penstock.wire;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Tests of one class share a rig; what a provider was told and has seen is forgotten after each of them. */
abstract class WithRig {
    /** Of the class whose tests are running: test classes run one after another. */
    @SuppressWarnings("NullAway.Init")
    static Rig rig;

    @BeforeAll
    static void start() throws IOException {
        rig = Rig.start();
    }

    @AfterAll
    static void stop() throws Exception {
        rig.stop();
    }

    @AfterEach
    void forget() {
        rig.provider().forget();
    }
}

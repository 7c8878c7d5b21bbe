package io.penstock.cli;

/**
 * How much memory the buffers outside the heap may take. Netty's own bound is as much again as the heap, which together with
 * the heap and the program itself is more than a container has: the kernel would end the process where now one request fails.
 */
final class BufferMemory {
    private static final String BOUND = "io.netty.maxDirectMemory";
    private static final int SHARE_OF_HEAP = 2;

    private BufferMemory() {}

    /** To be called before Netty is first used. What the user has set stands. */
    static void bound() {
        if (System.getProperty(BOUND) == null) {
            System.setProperty(BOUND, String.valueOf(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
        }
    }
}

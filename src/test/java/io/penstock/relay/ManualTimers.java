package io.penstock.relay;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that stands still until a test moves it. Tasks run on the thread that moves it, each at its own moment. */
final class ManualTimers implements Timers {
    private final PriorityQueue<Task> pending =
            new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::number));
    /** Not zero: nothing may rely on where a monotonic clock begins. */
    private long now = Duration.ofDays(1).toNanos();

    private long set;

    private record Task(long due, long number, Runnable work) {}

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public Timer after(Duration delay, Runnable work) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("negative delay: " + delay);
        }
        Task task = new Task(now + delay.toNanos(), set++, work);
        pending.add(task);
        return () -> pending.remove(task);
    }

    /** Lets time pass, and runs what falls due on the way. */
    void advance(Duration time) {
        long until = now + time.toNanos();
        while (!pending.isEmpty() && pending.peek().due() <= until) {
            Task task = pending.remove();
            now = task.due();
            task.work().run();
        }
        now = until;
    }

    /** How many tasks are still to come. */
    int pending() {
        return pending.size();
    }
}

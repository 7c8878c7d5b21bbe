package io.penstock.gateway;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Hears whoever asks a second time that the program stop. The VM hears the first SIGTERM or SIGINT by itself, and from then
 * on none: only a handler of one's own does. {@code sun.misc} has the only way to set one, and the compiler lets nobody
 * name its classes without a warning; hence the reflection, which {@code reachability-metadata.json} knows of.
 */
final class ImpatientStop {
    private static final Logger LOG = Logger.getLogger(ImpatientStop.class);
    private static final List<String> SIGNALS = List.of("TERM", "INT");

    private ImpatientStop() {}

    /** Runs {@code task}, on a thread of the VM's, at each SIGTERM and SIGINT from now on. */
    static void onSignal(Runnable task) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler running = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    task.run();
                    yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "a handler that runs " + task;
            };
            Object listening = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, running);
            for (String name : SIGNALS) {
                Object heard = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handler).invoke(null, heard, listening);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // The time that is given to a drain ends it all the same.
            LOG.debug("a second signal will not be heard", e);
        }
    }
}

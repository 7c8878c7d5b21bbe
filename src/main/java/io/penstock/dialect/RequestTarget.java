package io.penstock.dialect;

import org.jspecify.annotations.Nullable;

/**
 * What a method and a path ask for.
 *
 * @param inference whether this is one of the dialect's inference calls, which a lent key may open
 * @param model the model that the path names, or null
 * @param streaming whether the path itself asks for a stream
 * @param takesBody whether the call carries a JSON object
 */
record RequestTarget(
        Operation operation, boolean inference, @Nullable String model, boolean streaming, boolean takesBody) {

    static final RequestTarget UNKNOWN = new RequestTarget(Operation.OTHER, false, null, false, false);

    static RequestTarget call(Operation operation) {
        return new RequestTarget(operation, true, null, false, true);
    }

    static RequestTarget look(Operation operation) {
        return new RequestTarget(operation, true, null, false, false);
    }

    RequestTarget withModel(String name) {
        return new RequestTarget(operation, inference, name, streaming, takesBody);
    }

    RequestTarget asStream() {
        return new RequestTarget(operation, inference, model, true, takesBody);
    }
}

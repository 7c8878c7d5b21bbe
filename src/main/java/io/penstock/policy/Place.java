package io.penstock.policy;

/**
 * Where something stands in the policy file.
 *
 * @param path the keys that lead to it, empty for the document itself
 * @param line from 1, or 0 where there is none
 */
record Place(String path, int line) {

    Place key(String key, int line) {
        return new Place(path.isEmpty() ? key : path + "." + key, line);
    }

    /** The element of a list, told apart by its number and, where it has one, its name. */
    Place element(int index, String name, int line) {
        return new Place(path + "[" + index + "]" + (name.isEmpty() ? "" : " (" + name + ")"), line);
    }
}

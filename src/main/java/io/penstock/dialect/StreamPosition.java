package io.penstock.dialect;

import org.jspecify.annotations.Nullable;

/** Where in a stream the bytes sent so far end, and what has to stand before and behind a frame that is put there. */
abstract sealed class StreamPosition {
    /** Inside something to which no frame can be added. */
    static final StreamPosition NOWHERE = new Nowhere();

    abstract void follow(byte[] bytes, int offset, int length);

    /** What ends that which has been begun; null where nothing can. */
    abstract @Nullable String prefix();

    abstract String suffix();

    private static final class Nowhere extends StreamPosition {
        @Override
        void follow(byte[] bytes, int offset, int length) {}

        @Override
        @Nullable
        String prefix() {
            return null;
        }

        @Override
        String suffix() {
            return "";
        }
    }

    /**
     * In an event stream. An event that was begun is ended by a blank line: it reaches the client as far as it came, and
     * what follows is read as an event of its own.
     */
    static final class InEvents extends StreamPosition {
        /** The last bytes, the newest in the lowest place: four are enough for two line ends of two bytes. */
        private int last;

        private boolean begun;

        @Override
        void follow(byte[] bytes, int offset, int length) {
            begun |= length > 0;
            for (int i = Math.max(offset, offset + length - Integer.BYTES); i < offset + length; i++) {
                last = (last << Byte.SIZE) | (bytes[i] & 0xFF);
            }
        }

        @Override
        String prefix() {
            return !begun || betweenEvents() ? "" : "\n\n";
        }

        /** Whether the last line is blank: a line end directly behind a line end (WHATWG HTML §9.2.6). */
        private boolean betweenEvents() {
            int newest = last & 0xFF;
            int second = (last >>> 8) & 0xFF;
            int third = (last >>> 16) & 0xFF;
            if (newest == '\n') {
                return second == '\n' || (second == '\r' && (third == '\n' || third == '\r'));
            }
            return newest == '\r' && (second == '\r' || second == '\n');
        }

        @Override
        String suffix() {
            return "\n\n";
        }
    }

    /** In a stream of JSON lines. */
    static final class InLines extends StreamPosition {
        private boolean atLineStart = true;

        @Override
        void follow(byte[] bytes, int offset, int length) {
            if (length > 0) {
                atLineStart = bytes[offset + length - 1] == '\n';
            }
        }

        @Override
        String prefix() {
            return atLineStart ? "" : "\n";
        }

        @Override
        String suffix() {
            return "\n";
        }
    }

    /** In a JSON array whose elements are the frames: a frame can be put between two elements, not into one. */
    static final class InArray extends StreamPosition {
        private int depth;
        private boolean inString;
        private boolean escaped;
        private boolean array;
        /** The last byte that is no white space, outside strings. */
        private byte last;

        @Override
        void follow(byte[] bytes, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                follow(bytes[i]);
            }
        }

        private void follow(byte b) {
            if (inString) {
                inString = escaped || b != '"';
                escaped = !escaped && b == '\\';
                return;
            }
            switch (b) {
                case ' ', '\t', '\r', '\n' -> {
                    return;
                }
                case '"' -> inString = true;
                case '[', '{' -> {
                    array |= depth == 0 && b == '[';
                    depth++;
                }
                case ']', '}' -> depth--;
                default -> {}
            }
            last = b;
        }

        @Override
        @Nullable
        String prefix() {
            if (!array || depth != 1 || inString) {
                return null;
            }
            return switch (last) {
                case '[', ',' -> "";
                case '}' -> ",\n";
                default -> null;
            };
        }

        @Override
        String suffix() {
            return "\n]\n";
        }
    }
}
